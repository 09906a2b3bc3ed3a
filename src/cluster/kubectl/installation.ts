import type {Leftover} from '../../core/facts.ts';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {fieldAt} from '../../core/write.ts';
import {AnswerError, readJson} from '../calicoctl/answers.ts';
import {ClusterError} from '../errors.ts';
import {quoteForShell} from '../node-shell.ts';
import {sanitize} from '../sanitize.ts';
import {readItems} from './answers.ts';
import {qualified} from './commands.ts';
import type {Api} from './discovery.ts';
import {isMissing} from './failures.ts';
import {isOwn} from './node-status-objects.ts';
import type {Kubectl} from './run.ts';

/** kubectl's own version. Throws ClusterError. */
export function readToolVersion(kubectl: Kubectl, signal?: AbortSignal) {
	return kubectl.ask(
		['version', '-o', 'json'],
		text => {
			const version = fieldAt(readJson(text), ['clientVersion', 'gitVersion']);
			if (typeof version !== 'string') throw new AnswerError('There is no version of kubectl in it.');
			return {name: 'kubectl', version: sanitize(version)};
		},
		// It also fails where it cannot read the server's version; its own stands there all the same (transcripts).
		{signal, accept: ({stdout}) => stdout.includes('"clientVersion"')},
	);
}

const backendVariable = 'CALICO_NETWORKING_BACKEND';

/** What calico-node runs for routes: `bird`, `vxlan` or `none` (calico.md §8.1). Throws ClusterError. */
export async function readBackend(
	kubectl: Kubectl,
	namespace: string | undefined,
	signal?: AbortSignal,
): Promise<string> {
	if (namespace === undefined) throw noPods(kubectl);
	const variable = await kubectl.ask(
		['get', 'daemonset', 'calico-node', '-n', namespace, '-o', 'json'],
		text => environmentOf(readJson(text)).find(({name}) => name === backendVariable),
		{signal},
	);
	const reference = fieldAt(variable, ['valueFrom', 'configMapKeyRef']);
	if (!isObject(reference)) {
		// calico-node's own default where the variable is not set (node/filesystem/etc/rc.local).
		return typeof variable?.value === 'string' && variable.value !== '' ? sanitize(variable.value) : 'bird';
	}
	const [map, key] = [String(reference.name), String(reference.key)];
	return kubectl.ask(
		['get', 'configmap', map, '-n', namespace, '-o', 'json'],
		text => {
			const value = fieldAt(readJson(text), ['data', key]);
			if (typeof value !== 'string') throw new AnswerError(`ConfigMap ${sanitize(map)} has no ${sanitize(key)}.`);
			return sanitize(value);
		},
		{signal},
	);
}

function environmentOf(daemonSet: unknown): readonly JsonObject[] {
	const containers = fieldAt(daemonSet, ['spec', 'template', 'spec', 'containers']);
	const container = objectsOf(containers).find(({name}) => name === 'calico-node');
	if (container === undefined) throw new AnswerError('The DaemonSet has no container calico-node.');
	return objectsOf(container.env);
}

/** Whether the operator has BGP on; null without an operator (core_controller.go; calico.md §8.1). Throws ClusterError. */
export async function readInstallationBgp(
	kubectl: Kubectl,
	groups: ReadonlySet<string>,
	signal?: AbortSignal,
): Promise<'Enabled' | 'Disabled' | null> {
	if (!groups.has('operator.tigera.io')) return null;
	return kubectl.ask(
		['get', 'installations.operator.tigera.io', 'default', '-o', 'json'],
		(text, {exitCode}) => (exitCode === 0 ? bgpOf(readJson(text)) : null),
		{signal, accept: result => isMissing(result, 'default')},
	);
}

function bgpOf(installation: unknown): 'Enabled' | 'Disabled' {
	const field = (...path: readonly string[]) =>
		fieldAt(installation, ['status', 'computed', ...path]) ?? fieldAt(installation, ['spec', ...path]);
	const said = field('calicoNetwork', 'bgp');
	if (said === 'Enabled' || said === 'Disabled') return said;
	// Unset: Enabled with Calico's own CNI plugin, except on EKS.
	const isCalico = (field('cni', 'type') ?? 'Calico') === 'Calico';
	return isCalico && field('kubernetesProvider') !== 'EKS' ? 'Enabled' : 'Disabled';
}

/** CalicoNodeStatus objects that a killed run of this program left. Throws ClusterError. */
export function findLeftovers(kubectl: Kubectl, api: Api, signal?: AbortSignal): Promise<readonly Leftover[]> {
	const plural = qualified('caliconodestatuses', api);
	return kubectl.ask(
		['get', plural, '-o', 'json'],
		(text, {exitCode}) =>
			(exitCode === 0 ? readItems(text) : []).filter(isOwn).map(item => {
				const name = sanitize(String(fieldAt(item, ['metadata', 'name'])));
				const {binary} = kubectl.invocation;
				return {kind: 'CalicoNodeStatus', name, remove: `${binary} delete ${plural} ${quoteForShell(name)}`};
			}),
		// A release without the kind has none of them.
		{signal, accept: ({stderr}) => /the server doesn't have a resource type/.test(stderr)},
	);
}

function noPods(kubectl: Kubectl): ClusterError {
	return new ClusterError('missing', 'There is no calico-node pod (label k8s-app=calico-node).', {
		command: kubectl.command(['get', 'pods', '--all-namespaces', '-l', 'k8s-app=calico-node']),
		words: '',
		exitCode: 0,
		next: [],
		settled: true,
	});
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}
