import type {Clock} from '../../core/clock.ts';
import type {Holding} from '../../core/plan/types.ts';
import type {Family} from '../../core/session.ts';
import {ClusterError} from '../errors.ts';
import type {ObserveOptions, Observer} from '../observe.ts';
import type {Visibility} from '../port.ts';
import {canI} from './can-i.ts';
import {qualified} from './commands.ts';
import type {Api} from './discovery.ts';
import type {CalicoPods} from './pods.ts';
import type {Kubectl} from './run.ts';

/** How the nodes' BGP state is seen. */
export type Way = 'exec' | 'calico-node-status';

export type LiveOptions = {
	readonly kubectl: Kubectl;
	readonly pods: CalicoPods;
	readonly clock: Clock;
	readonly api: () => Promise<Api>;
	/** Where the user chose; otherwise what is allowed decides. */
	readonly way: Way | undefined;
	readonly observers: Readonly<Record<Way, Observer>>;
	/** In words, what runs commands on the nodes. */
	readonly shell: string;
};

/** Seeing the nodes, in the best way that is allowed. */
export type Live = {
	visibility(): Promise<Visibility>;
	/** Whether commands can be run on the nodes, which the route hold needs. */
	holding(): Promise<Holding>;
	observe(
		nodes: readonly {readonly name: string; readonly families: readonly Family[]}[],
		options: ObserveOptions,
	): ReturnType<Observer>;
};

type Choice = {readonly way: Way; readonly why?: string} | {readonly way: null; readonly why: string};

/** Makes it. Nothing is run yet; the choice is made once. */
export function createLive(options: LiveOptions): Live {
	const {clock, observers, way, shell} = options;
	const sources: Readonly<Record<Way, string>> = {
		exec: `BIRD on the nodes, through "${shell}"`,
		'calico-node-status': 'CalicoNodeStatus objects, which calico-node fills',
	};
	let choosing: Promise<Choice> | undefined;
	const choose = (): Promise<Choice> => {
		if (way !== undefined) return Promise.resolve({way});
		choosing ??= findWay(options).catch(error => {
			choosing = undefined;
			throw error;
		});
		return choosing;
	};
	return {
		async holding() {
			const choice = await choose();
			if (choice.way === 'exec') return {state: 'on'};
			return {state: 'impossible', reason: choice.why ?? 'commands are not run on the nodes (--live node-status)'};
		},
		async visibility() {
			const choice = await choose();
			if (choice.way === null) return {nodes: [], source: 'nothing', reason: choice.why};
			return {nodes: 'all', source: `${sources[choice.way]}${choice.why ? ` (${choice.why})` : ''}`};
		},
		async *observe(nodes, {routes, deep, signal}) {
			const choice = await choose();
			if (choice.way !== null) {
				const source = choice.way === 'exec' ? (shell === 'kubectl exec' ? shell : 'node shell') : 'CalicoNodeStatus';
				for await (const look of observers[choice.way](nodes, {routes, deep, signal})) yield {...look, source};
				return;
			}
			const nothing = {known: false, reason: choice.why} as const;
			for (const {name} of nodes) {
				yield {node: name, at: clock.now(), sessions: nothing, ...(routes && {routes: nothing})};
			}
		},
	};
}

async function findWay({kubectl, pods, api}: LiveOptions): Promise<Choice> {
	const refused = await whyNoExec(kubectl, pods);
	if (refused === undefined) return {way: 'exec'};
	const resource = qualified('caliconodestatuses', await api());
	const verbs = ['create', 'get', 'delete'];
	const allowed = await Promise.all(verbs.map(verb => canI(kubectl, {verb, resource})));
	if (allowed.every(Boolean)) return {way: 'calico-node-status', why: refused};
	const missing = verbs.filter((_verb, index) => !allowed[index]);
	return {way: null, why: `${refused}, and you may not ${missing.join(', ')} ${resource} either`};
}

/** Why commands cannot be run in calico-node's pods; undefined where they can. */
async function whyNoExec(kubectl: Kubectl, pods: CalicoPods): Promise<string | undefined> {
	try {
		const namespace = await pods.namespace();
		if (namespace === undefined) return 'there is no calico-node pod (label k8s-app=calico-node)';
		const allowed = await canI(kubectl, {verb: 'create', resource: 'pods/exec', namespace});
		return allowed ? undefined : `kubectl exec is not allowed in ${namespace}`;
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
		return "calico-node's pods may not be listed";
	}
}
