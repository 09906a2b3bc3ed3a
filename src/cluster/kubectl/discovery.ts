import type {DatastoreApi} from '../../core/facts.ts';
import {isObject} from '../../core/json.ts';
import type {Seen} from '../../core/session.ts';
import {AnswerError, readJson} from '../calicoctl/answers.ts';
import {ClusterError} from '../errors.ts';
import {sanitize} from '../sanitize.ts';
import {readItems} from './answers.ts';
import type {Kubectl} from './run.ts';

/** The API in which kubectl finds a cluster's Calico resources (calico.md §2.4). */
export type Api = {
	readonly shape: Exclude<DatastoreApi, 'etcd'>;
	readonly group: 'crd.projectcalico.org' | 'projectcalico.org';
	readonly apiVersion: 'crd.projectcalico.org/v1' | 'projectcalico.org/v3';
};

const v1: Api = {
	shape: 'crd.projectcalico.org/v1',
	group: 'crd.projectcalico.org',
	apiVersion: 'crd.projectcalico.org/v1',
};
const v3 = {group: 'projectcalico.org', apiVersion: 'projectcalico.org/v3'} as const;
const aggregated: Api = {...v3, shape: 'aggregated projectcalico.org/v3'};
const native: Api = {...v3, shape: 'native projectcalico.org/v3'};

/** The API taken where nothing is known yet; the only one that every release up to 3.31 has. */
export const assumedApi = v1;

/** What an API server serves, as far as it matters here. */
export type Discovery = {
	readonly api: Api;
	/** The API groups that the cluster has. */
	readonly groups: ReadonlySet<string>;
	/** Phase of the DatastoreMigration, null where there is none. */
	readonly migration: Seen<string | null>;
};

/** The DatastoreMigration's last phase: the datastore is no longer locked (calico.md §2.4). */
const finished = 'Complete';

/**
 * Finds out which API to use: one call, two more where both groups are there. Prefers `projectcalico.org/v3`, which
 * validates. Throws ClusterError where the cluster has no Calico, or cannot be asked.
 */
export async function discover(kubectl: Kubectl, signal?: AbortSignal): Promise<Discovery> {
	const groups = await kubectl.ask(['get', '--raw', '/apis'], readGroups, {signal});
	const migrates = groups.has('migration.projectcalico.org');
	const both = groups.has(v1.group) && groups.has(v3.group);
	const [migration, service] = await Promise.all([
		migrates ? seen(() => kubectl.ask(migrationQuestion, readPhase, {signal})) : ({known: true, value: null} as const),
		both ? seen(() => kubectl.ask(serviceQuestion, readService, {signal})) : ({known: false, reason: ''} as const),
	]);
	return {groups, migration, api: chooseApi(groups, migration, service) ?? noCalico(kubectl)};
}

const migrationQuestion = ['get', 'datastoremigrations.migration.projectcalico.org', '-o', 'json'];
const serviceQuestion = ['get', 'apiservices.apiregistration.k8s.io', 'v3.projectcalico.org', '-o', 'json'];

function chooseApi(
	groups: ReadonlySet<string>,
	migration: Seen<string | null>,
	service: Seen<'remote' | 'local'>,
): Api | undefined {
	if (!groups.has(v3.group)) return groups.has(v1.group) ? v1 : undefined;
	if (!groups.has(v1.group)) return native;
	// Both: Calico's API server, which keeps its objects in the other group, or CRDs of both generations.
	if (!service.known || service.value === 'remote') return aggregated;
	// Then Calico itself goes by the older one (libcalico-go/lib/backend/k8s/discovery.go), unless it has moved over.
	return migration.known && migration.value === finished ? native : v1;
}

/** Throws where the cluster's resources are being moved from one API to the other: what is written now may be lost. */
export function refuseMigration(kubectl: Kubectl, {migration}: Discovery, datastoreReady: boolean): void {
	const phase = migration.known ? migration.value : datastoreReady ? null : 'unknown';
	if (phase === null || phase === finished) return;
	throw new ClusterError('failed', `Calico's datastore is being migrated (${sanitize(phase)}); nothing is touched.`, {
		command: kubectl.command(migrationQuestion),
		words: migration.known ? '' : migration.reason,
		exitCode: 0,
		next: ['Wait until it is complete: kubectl get datastoremigrations', 'Then start again.'],
		settled: true,
	});
}

function noCalico(kubectl: Kubectl): never {
	throw new ClusterError('failed', 'This cluster has no Calico resources: neither of their API groups is there.', {
		command: kubectl.command(['get', '--raw', '/apis']),
		words: '',
		exitCode: 0,
		next: [
			'Is it the right cluster? kubectl config get-contexts, --context',
			'Calico with etcd as its datastore is reached with --via calicoctl.',
		],
		settled: true,
	});
}

async function seen<T>(ask: () => Promise<T>): Promise<Seen<T>> {
	try {
		return {known: true, value: await ask()};
	} catch (error) {
		if (error instanceof ClusterError && (error.kind === 'forbidden' || error.kind === 'missing')) {
			return {known: false, reason: error.message};
		}
		throw error;
	}
}

function readGroups(text: string): ReadonlySet<string> {
	const answer = readJson(text);
	if (!isObject(answer) || !Array.isArray(answer.groups)) throw new AnswerError('This is no list of API groups.');
	const names = answer.groups.flatMap(group => (isObject(group) && typeof group.name === 'string' ? [group.name] : []));
	return new Set(names);
}

function readService(text: string): 'remote' | 'local' {
	const answer = readJson(text);
	if (!isObject(answer) || !isObject(answer.spec)) throw new AnswerError('This is no APIService.');
	return isObject(answer.spec.service) ? 'remote' : 'local';
}

/** The phase of the first migration that is not finished; there is never more than one. */
function readPhase(text: string): string | null {
	const phases = readItems(text).map(({status}) =>
		isObject(status) && typeof status.phase === 'string' ? status.phase : 'Pending',
	);
	return phases.find(phase => phase !== finished) ?? phases[0] ?? null;
}
