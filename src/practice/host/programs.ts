import {symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {quoteForShell} from '../../cluster/node-shell.ts';

/** Programs that work on the practice cluster. */
export const practicePrograms = [
	'calicoctl',
	'kubectl',
	'birdcl',
	'birdcl6',
	'ip',
	'ping',
	'ssh',
	'sudo',
	'lab',
] as const;

/**
 * Programs that a node has and that would work on the learner's own machine, or on a cluster or host that is real: here
 * they say that they are not there. Who types `reboot` after `ssh NODE` means the node.
 */
export const absentPrograms = [
	...['reboot', 'shutdown', 'poweroff', 'halt', 'systemctl', 'service', 'kubelet', 'kubeadm'],
	...['docker', 'podman', 'nerdctl', 'crictl', 'ctr', 'etcdctl', 'helm', 'oc'],
	...['iptables', 'ip6tables', 'nft', 'ipset', 'ifconfig', 'route', 'ping6'],
	...['scp', 'sftp', 'kubectx', 'kubens', 'k9s'],
] as const;

/** The files that the wrappers run: node, the small client, and the program itself. */
export type ProgramFiles = {readonly node: string; readonly client: string; readonly cli: string};

/** Fills a folder with executables that hand what is typed to the practice cluster, by the name they are called by. */
export function writePrograms(
	folder: string,
	names: readonly string[],
	{node, client}: Omit<ProgramFiles, 'cli'>,
): void {
	const [first, ...others] = names;
	if (first === undefined) return;
	// No program is looked up on PATH: the wrapper itself stands first there.
	writeScript(join(folder, first), `exec ${quoteForShell(node)} ${quoteForShell(client)} "\${0##*/}" "$@"`);
	for (const name of others) symlinkSync(first, join(folder, name));
}

/** An executable that is this program itself. */
export function writeOwnProgram(folder: string, {node, cli}: ProgramFiles): void {
	writeScript(join(folder, 'calico-rr-wizard'), `exec ${quoteForShell(node)} ${quoteForShell(cli)} "$@"`);
}

function writeScript(path: string, line: string): void {
	writeFileSync(path, `#!/bin/sh\n${line}\n`, {mode: 0o700});
}
