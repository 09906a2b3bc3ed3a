import type {Kind, NodeResource, ResourceOf, WrittenKind, WrittenResource} from '../../core/resources.ts';
import type {Write} from '../../core/write.ts';
import {ClusterError} from '../errors.ts';
import type {Command, ReadResult} from '../port.ts';
import {readResource, readResources} from './answers.ts';
import {resourceName, resourceNames, writeQuestion} from './commands.ts';
import {type Api, assumedApi, type Discovery, discover, refuseMigration} from './discovery.ts';
import {isMissing} from './failures.ts';
import {UnwritableFieldError} from './node-patch.ts';
import type {Kubectl} from './run.ts';

/** Calico's resources in Kubernetes: reading them, and writing them with a guard. */
export type Datastore = {
	/** Which API the cluster has; found out once. */
	discovery(signal?: AbortSignal): Promise<Discovery>;
	/** Finds out the API anew and reads everything, in four calls at most. */
	read(signal?: AbortSignal): Promise<ReadResult>;
	readNodes(signal?: AbortSignal): Promise<readonly NodeResource[]>;
	readOne<K extends WrittenKind>(kind: K, name: string, signal?: AbortSignal): Promise<ResourceOf[K] | undefined>;
	commandFor(write: Write): Command;
	write(write: Write, options: {readonly dryRun: boolean; readonly signal?: AbortSignal | undefined}): Promise<void>;
};

const everything: readonly Kind[] = ['Node', 'BGPPeer', 'BGPConfiguration', 'IPPool', 'ClusterInformation'];

/** Makes it. Nothing is run yet. */
export function createDatastore(kubectl: Kubectl): Datastore {
	let found: Discovery | undefined;
	/** Each resource as it was read last: what a write is guarded by. */
	const last = new Map<string, WrittenResource>();
	const remember = (kind: WrittenKind, resources: readonly WrittenResource[]) => {
		for (const resource of resources) last.set(`${kind}/${resource.metadata.name}`, resource);
	};
	const discovery = async (signal?: AbortSignal) => {
		found ??= await discover(kubectl, signal);
		return found;
	};
	const readNodes = (signal?: AbortSignal) =>
		kubectl.ask(['get', 'nodes', '-o', 'json'], text => readResources(text, ['Node']).Node, {signal});

	const questionFor = (write: Write, api: Api) => {
		refuseNodes(kubectl, write);
		try {
			return writeQuestion(write, api, last.get(`${write.kind}/${write.name}`));
		} catch (error) {
			throw error instanceof UnwritableFieldError ? refusal(kubectl, `${error.message}.`) : error;
		}
	};

	return {
		discovery,
		readNodes,
		async read(signal) {
			found = await discover(kubectl, signal);
			refuseMigration(kubectl, found, true);
			const question = ['get', resourceNames(everything, found.api), '-o', 'json'];
			const resources = await kubectl.ask(question, text => readResources(text, everything), {signal});
			const information = resources.ClusterInformation.find(({metadata}) => metadata.name === 'default');
			refuseMigration(kubectl, found, information?.spec.datastoreReady !== false);
			remember('Node', resources.Node);
			remember('BGPPeer', resources.BGPPeer);
			remember('BGPConfiguration', resources.BGPConfiguration);
			const snapshot = {
				nodes: resources.Node,
				bgpPeers: resources.BGPPeer,
				bgpConfigurations: resources.BGPConfiguration,
				ipPools: resources.IPPool,
			};
			return {snapshot, information};
		},
		async readOne<K extends WrittenKind>(kind: K, name: string, signal?: AbortSignal) {
			const {api} = await discovery(signal);
			const question = ['get', resourceName(kind, api), name, '-o', 'json'];
			const resource = await kubectl.ask(
				question,
				// What is missing is an answer too, and the only failure that `accept` lets through.
				(text, {exitCode}) => (exitCode === 0 ? readResource(text, kind, name) : undefined),
				{signal, accept: result => isMissing(result, name)},
			);
			if (resource === undefined) last.delete(`${kind}/${name}`);
			else remember(kind, [resource]);
			return resource;
		},
		commandFor(write) {
			const {words, input} = questionFor(write, found?.api ?? assumedApi);
			return kubectl.command(words, {writes: true, ...(input !== undefined && {input})});
		},
		async write(write, {dryRun, signal}) {
			const {api} = await discovery(signal);
			const {words, input} = questionFor(write, api);
			const asked = dryRun ? [...words, '--dry-run=server'] : words;
			const command = kubectl.command(asked, {writes: true, ...(input !== undefined && {input})});
			// A dry run changes nothing, so its outcome is never unknown.
			const {stdout} = await kubectl.run(command, {signal, writes: !dryRun});
			// A user's kuberc can make kubectl ask before it deletes; without an answer it deletes nothing and exits with 0.
			if (write.verb === 'delete' && !/" deleted\b/.test(stdout)) throw notDeleted(command, stdout);
		},
	};
}

/** Kubernetes Nodes come and go with machines; this program only ever marks them. */
function refuseNodes(kubectl: Kubectl, {kind, verb}: Write): void {
	if (kind !== 'Node' || verb === 'patch') return;
	throw refusal(kubectl, 'This program never creates or deletes a Node.');
}

function notDeleted(command: Command, words: string): ClusterError {
	return new ClusterError('failed', 'kubectl does not say that it deleted anything.', {
		command,
		words,
		exitCode: 0,
		next: ["Look whether it is still there; does kubectl's own configuration (kuberc) make it ask first?"],
		settled: false,
	});
}

function refusal(kubectl: Kubectl, message: string): ClusterError {
	const detail = {command: kubectl.command([]), words: '', exitCode: null, next: [], settled: true};
	return new ClusterError('invalid', message, detail);
}
