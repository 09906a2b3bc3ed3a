import {accessSync, constants, existsSync, readFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {UserError} from '../../../core/user-error.ts';

/** The programs that real BIRD takes, and Debian's package of each. bird6 is the IPv6 half of BIRD 1.6. */
const programs: readonly {readonly file: string; readonly from: string}[] = [
	{file: 'bird', from: 'bird'},
	{file: 'bird6', from: 'bird'},
	{file: 'birdc', from: 'bird'},
	{file: 'birdc6', from: 'bird'},
	{file: 'ip', from: 'iproute2'},
];

/** What there is to know about a machine before BIRD is run on it. */
export type Machine = {
	readonly platform: NodeJS.Platform;
	readonly isRoot: boolean;
	/** PATH's folders. */
	readonly folders: readonly string[];
	/** Whether the kernel can make network namespaces (CONFIG_NET_NS). */
	readonly hasNamespaces: boolean;
	/** Whether it lets this process: root in a container that is not privileged may not. */
	readonly mayUseThem: boolean;
};

/** Folders that PATH often lacks though the programs are there: Debian puts bird and ip into sbin. */
const systemFolders = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The machine this program runs on. */
export function thisMachine(env: NodeJS.ProcessEnv): Machine {
	return {
		platform: process.platform,
		isRoot: process.getuid?.() === 0,
		folders: (env.PATH ?? '').split(delimiter).filter(Boolean),
		hasNamespaces: existsSync('/proc/self/ns/net'),
		mayUseThem: hasCapabilities(),
	};
}

/** CAP_NET_ADMIN and CAP_SYS_ADMIN (capabilities(7)) as bits of what /proc says this process may do. */
const needed = (1n << 12n) | (1n << 21n);

function hasCapabilities(): boolean {
	try {
		const [, bits = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
		return (BigInt(`0x${bits}`) & needed) === needed;
	} catch {
		return false;
	}
}

/** PATH as the engine's programs are looked for in it. */
export function searchPath({folders}: Machine): string {
	return [...folders, ...systemFolders].join(delimiter);
}

/** What this machine lacks for real BIRD, a sentence each, and how to get it; empty where it can. */
export function whatIsMissing(machine: Machine): readonly {readonly lack: string; readonly remedy: string}[] {
	if (machine.platform !== 'linux') {
		return [{lack: 'this is not Linux', remedy: 'Network namespaces are a part of Linux; use --engine model here.'}];
	}
	const folders = [...machine.folders, ...systemFolders];
	const absent = programs.filter(({file}) => !folders.some(folder => isProgram(join(folder, file))));
	const packages = [...new Set(absent.map(({from}) => from))];
	return [
		...(machine.isRoot ? [] : [{lack: 'this user is not root', remedy: 'Run it as root, for example with sudo.'}]),
		...(machine.hasNamespaces
			? []
			: [{lack: 'this kernel has no network namespaces', remedy: 'Use a kernel with CONFIG_NET_NS.'}]),
		...(machine.isRoot && machine.hasNamespaces && !machine.mayUseThem
			? [
					{
						lack: 'this container may not make network namespaces',
						remedy: 'Give it CAP_NET_ADMIN and CAP_SYS_ADMIN, for example with docker run --privileged.',
					},
				]
			: []),
		...(absent.length === 0
			? []
			: [
					{
						lack: `there is no ${absent.map(({file}) => file).join(', ')} on PATH`,
						remedy: `Install BIRD 1.6 and iproute2; on Debian 12: apt-get install ${packages.join(' ')}`,
					},
				]),
	];
}

/** @throws UserError (exit code 2) that says what the machine lacks. */
export function checkMachine(machine: Machine): void {
	const missing = whatIsMissing(machine);
	if (missing.length === 0) return;
	throw new UserError(`Real BIRD cannot run here: ${missing.map(({lack}) => lack).join(', and ')}.`, {
		next: [...missing.map(({remedy}) => remedy), 'Or use the model of BIRD, which needs nothing: --engine model'],
	});
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
