import {neededPermissions} from '../../core/doctor/needed-permissions.ts';
import {findOwners} from '../../core/doctor/owners.ts';
import {type ClusterFacts, type Permission, unknownFacts} from '../../core/facts.ts';
import type {Plan} from '../../core/plan/types.ts';
import type {Seen} from '../../core/session.ts';
import {emptySnapshot} from '../../core/snapshot.ts';
import {ClusterError} from '../errors.ts';
import {sanitize} from '../sanitize.ts';
import {type CalicoKinds, readCalicoKinds} from './calico-kinds.ts';
import {canI} from './can-i.ts';
import type {Datastore} from './datastore.ts';
import type {Api, Discovery} from './discovery.ts';
import {failureOf} from './failures.ts';
import {findLeftovers, readBackend, readInstallationBgp, readToolVersion} from './installation.ts';
import {readNodeFacts} from './node-facts.ts';
import {isPasswordReadable} from './password.ts';
import type {CalicoPods} from './pods.ts';
import type {Kubectl} from './run.ts';

export type Inspection = {
	readonly kubectl: Kubectl;
	readonly datastore: Datastore;
	readonly pods: CalicoPods;
	readonly plan: Plan | undefined;
	readonly signal: AbortSignal | undefined;
};

/** The operator's namespace, where calico-node's pods are not to be seen. */
const usualNamespace = 'calico-system';

/**
 * Everything the doctor wants to know beside the snapshot. All questions are asked at once; each that fails makes its
 * own fact unknown and no other. Throws ClusterError only where it is stopped.
 */
export async function inspectCluster(inspection: Inspection): Promise<ClusterFacts> {
	const {kubectl, datastore, signal} = inspection;
	const tool = seen(() => readToolVersion(kubectl, signal));
	const discovery = await seen(() => datastore.discovery(signal));
	const facts = discovery.known ? await inspectCalico(inspection, discovery.value) : unknownFacts(discovery.reason);
	if (signal?.aborted) throw stopped(kubectl);
	return {...facts, tool: await tool};
}

async function inspectCalico(inspection: Inspection, {api, groups, migration}: Discovery) {
	const {kubectl, pods, signal} = inspection;
	const namespace = seen(() => pods.namespace());
	const mayExec = namespace.then(found => (found.known ? seen(() => askExec(inspection, found.value)) : found));
	const kinds = seen(() => readCalicoKinds(kubectl, api, signal));
	const [nodes, backend, installationBgp, leftovers, exec, permissions, passwordReadable, known] = await Promise.all([
		seen(() => readNodeFacts(kubectl, signal)),
		namespace.then(found => (found.known ? seen(() => readBackend(kubectl, found.value, signal)) : found)),
		seen(() => readInstallationBgp(kubectl, groups, signal)),
		seen(() => findLeftovers(kubectl, api, signal)),
		mayExec,
		Promise.all([namespace, mayExec]).then(([found, allowed]) =>
			seen(() =>
				askPermissions(inspection, api, found.known ? found.value : undefined, !allowed.known || allowed.value),
			),
		),
		Promise.all([kinds, namespace]).then(([found, where]) =>
			seenPassword(inspection, found, where.known ? where.value : undefined),
		),
		kinds,
	]);
	return {
		...factsOfKinds(known),
		api: {known: true, value: api.shape} as const,
		migration,
		nodes,
		backend,
		installationBgp,
		leftovers,
		exec,
		permissions,
		passwordReadable,
	};
}

function factsOfKinds(kinds: Seen<CalicoKinds>) {
	if (!kinds.known) {
		return {calicoVersion: kinds, datastoreReady: kinds, felix: kinds, owners: kinds};
	}
	const {information, felix, bgpConfigurations, bgpPeers} = kinds.value;
	const owners: ClusterFacts['owners'] = !bgpConfigurations.known
		? bgpConfigurations
		: !bgpPeers.known
			? bgpPeers
			: {
					known: true,
					value: findOwners({
						...emptySnapshot,
						bgpConfigurations: bgpConfigurations.value,
						bgpPeers: bgpPeers.value,
					}),
				};
	return {
		calicoVersion: informationField(information, 'calicoVersion', value => typeof value === 'string' && value !== ''),
		datastoreReady: informationField(information, 'datastoreReady', value => typeof value === 'boolean'),
		felix,
		owners,
	} as Pick<ClusterFacts, 'calicoVersion' | 'datastoreReady' | 'felix' | 'owners'>;
}

function informationField(
	information: CalicoKinds['information'],
	field: string,
	accepts: (value: unknown) => boolean,
): Seen<unknown> {
	if (!information.known) return information;
	if (information.value === null) return {known: false, reason: 'there is no ClusterInformation default'};
	const value = information.value.spec[field];
	return accepts(value)
		? {known: true, value}
		: {known: false, reason: `ClusterInformation default does not say its ${field}`};
}

async function askExec({kubectl, signal}: Inspection, namespace: string | undefined): Promise<boolean> {
	const call = {verb: 'create', resource: 'pods/exec', namespace: namespace ?? usualNamespace};
	return canI(kubectl, call, signal);
}

/** Asks for each call of the plan, its way back and the looks in between. */
async function askPermissions(
	{kubectl, plan, signal}: Inspection,
	api: Api,
	namespace: string | undefined,
	byExec: boolean,
): Promise<readonly Permission[]> {
	const needed = neededPermissions(plan ?? null, api.shape, byExec ? 'exec' : 'node-status');
	return Promise.all(
		needed.map(async ({verb, resource, inPods}) => {
			const call = {verb, resource, ...(inPods && {namespace: namespace ?? usualNamespace})};
			return {verb, resource, allowed: await canI(kubectl, call, signal)};
		}),
	);
}

async function seenPassword(
	{kubectl, signal}: Inspection,
	kinds: Seen<CalicoKinds>,
	namespace: string | undefined,
): Promise<Seen<boolean | null>> {
	if (!kinds.known) return kinds;
	const {bgpConfigurations} = kinds.value;
	if (!bgpConfigurations.known) return bgpConfigurations;
	const password = bgpConfigurations.value.find(({metadata}) => metadata.name === 'default')?.spec.nodeMeshPassword;
	if (!password) return {known: true, value: null};
	if (namespace === undefined) return {known: false, reason: "calico-node's namespace is not known"};
	return seen(() => isPasswordReadable(kubectl, password, namespace, signal));
}

function stopped(kubectl: Kubectl): ClusterError {
	const nothing = {stdout: '', stderr: '', exitCode: null, failure: 'aborted'} as const;
	return failureOf(kubectl.command(['get', '--raw', '/apis']), nothing, {writes: false, timeout: 0});
}

/** What an answer gave, or in words why there is none. */
async function seen<T>(ask: () => Promise<T>): Promise<Seen<T>> {
	try {
		return {known: true, value: await ask()};
	} catch (error) {
		if (!(error instanceof ClusterError)) throw error;
		const words = sanitize(error.detail.words.split('\n').at(-1) ?? '');
		return {known: false, reason: words === '' ? error.message : `${error.message} (${words})`};
	}
}
