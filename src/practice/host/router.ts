import {basename} from 'node:path';
import type {ExecResult} from '../../cluster/exec.ts';
import type {AdjustableClock} from '../adjustable-clock.ts';
import type {PracticeCluster} from '../cluster.ts';
import type {Answer, Answering, ServedRequest} from '../server.ts';
import {labTime} from './lab-time.ts';
import {absentPrograms} from './programs.ts';
import {findNode, parseSsh, plainWords} from './ssh.ts';

/** Answers `lab SUBCOMMAND`, typed in that folder. */
export type LabHandler = (
	argv: readonly string[],
	place: {readonly directory: string},
) => ExecResult | Promise<ExecResult>;

/** What the router needs: the cluster, made when it is first asked for, its clock, and who answers `lab`. */
export type RouterOptions = {
	readonly cluster: () => PracticeCluster | Promise<PracticeCluster>;
	readonly clock: AdjustableClock;
	readonly onLab?: LabHandler | undefined;
};

/** Stands in front of a practice cluster and runs what is typed in a shell: on which node, and whether as root. */
export function createRouter({cluster, clock, onLab}: RouterOptions): Answering {
	return {
		run: async request => {
			const {file, argv, directory = '/'} = request;
			if (file !== 'lab') return route(await cluster(), request);
			if (argv[0] === 'time') {
				// While a lab is brought to its start its time stands still, and is nobody's to change.
				await cluster();
				return labTime(argv.slice(1), clock);
			}
			return onLab ? onLab(argv, {directory}) : refuse(2, `lab: there is only 'lab time' here\n`);
		},
	};
}

function route(cluster: PracticeCluster, request: ServedRequest): Answer | Promise<Answer> {
	const {file, argv, input = '', root = false} = request;
	const node = request.node ?? cluster.localNode;
	if ((absentPrograms as readonly string[]).includes(file)) return absent(file);
	switch (file) {
		case 'sudo':
			return sudo(cluster, request);
		case 'ssh':
			return ssh(cluster, request);
		case 'kubectl':
			return cluster.kubernetes ? runOn(cluster, request) : refuse(1, noKubernetes);
		case 'calicoctl':
			return runOn(cluster, request);
		case 'ip':
			if (!root && changesRoutes(argv)) return refuse(2, 'RTNETLINK answers: Operation not permitted\n');
			break;
		case 'birdcl':
		case 'birdcl6':
		case 'ping':
			break;
		default:
			return absent(file);
	}
	if (node === null) return refuse(1, `${file}: this practice cluster has no node to be on\n`);
	return cluster.run({file: 'node-exec', argv: [node, file, ...argv], input});
}

function runOn(cluster: PracticeCluster, {node, root = false, ...request}: ServedRequest): Answer | Promise<Answer> {
	const on = node ?? cluster.localNode;
	return cluster.run(on === null ? request : {...request, typedOn: {node: on, root}});
}

/** `sudo`: a program of the practice cluster as root, a shell whose tools are root's, or any other without more rights. */
function sudo(cluster: PracticeCluster, request: ServedRequest): Answer | Promise<Answer> {
	let words = request.argv;
	const asksShell = words.length > 0 && /^(?:-i|-s|--login|--shell)$/.test(words[0] ?? '');
	if (asksShell) words = words.slice(1);
	while (/^-[EnHSkbP]+$|^--(?:preserve-env.*|non-interactive)$/.test(words[0] ?? '')) words = words.slice(1);
	if (words[0] === '-u' && words[1] === 'root') words = words.slice(2);
	if (words[0] === '--') words = words.slice(1);
	while (/^\w+=/.test(words[0] ?? '')) words = words.slice(1);
	const [program, ...argv] = words;
	if (program === undefined || (program === 'su' && argv.every(word => word === '-'))) {
		return asksShell || program === 'su'
			? {start: {argv: null, env: {PRACTICE_ROOT: '1'}}}
			: refuse(1, 'usage: sudo [-E] [-n] [-i] command [argument ...]\n');
	}
	if (program.startsWith('-')) return refuse(1, `sudo: the practice cluster knows no ${program}\n`);
	const name = basename(program);
	if (isRouted(name)) return route(cluster, {...request, file: name, argv, root: true});
	// The learner's own machine gives nobody more rights than he has.
	return {start: {argv: [program, ...argv], env: {PRACTICE_ROOT: '1'}}};
}

/** `ssh NODE`: a shell that stands there; `ssh NODE COMMAND`: the command there, in a shell where it needs one. */
function ssh(cluster: PracticeCluster, request: ServedRequest): Answer | Promise<Answer> {
	const call = parseSsh(request.argv);
	if ('refusal' in call) return refuse(255, `${call.refusal}\n`);
	const node = findNode(cluster.datastore.snapshot().nodes, call.host);
	if (node === undefined) return refuse(255, unreachable(call.host));
	// ssh logs in as the same user again, and a login has no more rights than that.
	const env = {PRACTICE_NODE: node, PRACTICE_ROOT: ''};
	if (call.command === null) return {start: {argv: null, env}};
	const [file, ...argv] = plainWords(call.command) ?? [];
	if (file !== undefined && isRouted(basename(file))) {
		return route(cluster, {...request, file: basename(file), argv, node, root: false});
	}
	return {start: {argv: ['/bin/sh', '-c', call.command], env}};
}

const routed = ['calicoctl', 'kubectl', 'birdcl', 'birdcl6', 'ip', 'ping', 'ssh', 'sudo'];

function isRouted(name: string): boolean {
	return routed.includes(name) || (absentPrograms as readonly string[]).includes(name);
}

/** iproute2's own words for what changes something; only root may. */
function changesRoutes(argv: readonly string[]): boolean {
	return argv.some(word => /^(?:add|del|delete|replace|change|append|prepend|flush|-b|-batch)$/.test(word));
}

/** As OpenSSH says it of a name and of an address. */
function unreachable(host: string): string {
	return /^[\d.]+$|:/.test(host)
		? `ssh: connect to host ${host} port 22: No route to host\n`
		: `ssh: Could not resolve hostname ${host}: Name or service not known\n`;
}

const noKubernetes = `kubectl: this practice cluster keeps Calico in etcd and serves no Kubernetes API.
Leave it, and start one that does: calico-rr-wizard practice shell --via kubectl
`;

function absent(file: string): ExecResult {
	return refuse(127, `${file}: the practice cluster has no ${file}, and your own machine's is left alone\n`);
}

function refuse(exitCode: number, stderr: string): ExecResult {
	return {stdout: '', stderr, exitCode};
}
