import {parseAllDocuments} from 'yaml';
import type {Exec, ExecResult} from '../../../src/cluster/exec.ts';
import {list, refused} from './table-exec.ts';

type StatusObject = {
	readonly metadata: {readonly name: string};
	readonly spec: {readonly node: string};
	[field: string]: unknown;
};

/** A kubectl that knows CalicoNodeStatus objects only, in front of calico-node pods that fill them. */
export function createStatusServer() {
	const server = {
		exec: undefined as unknown as Exec,
		objects: new Map<string, StatusObject>(),
		created: [] as StatusObject[],
		calls: [] as string[],
		mostAtOnce: 0,
		/** Nodes whose calico-node does not run, and nodes whose bird6 does not answer. */
		dead: new Set<string>(),
		zeros: new Set<string>(),
		refusal: '',
		losesAnswers: false,
		refusesRemoval: false,
		onCall: (_number: number) => {},
	};
	const done = (stdout: string): ExecResult => ({stdout, stderr: '', exitCode: 0});
	const statusOf = (node: string) =>
		server.zeros.has(node)
			? {numberEstablishedV4: 0, numberNotEstablishedV4: 0}
			: {
					numberEstablishedV4: 1,
					peersV4: [{peerIP: '10.0.0.2', type: 'NodeMesh', state: 'Established', since: '16:00:00'}],
				};
	const shown = (object: StatusObject) =>
		server.dead.has(object.spec.node)
			? object
			: {...object, status: {lastUpdated: new Date().toISOString(), bgp: statusOf(object.spec.node)}};

	const work = (args: readonly string[], input: string): ExecResult => {
		const [verb, ...rest] = args.filter(arg => !arg.startsWith('--') && arg !== '-o' && arg !== 'json');
		if (verb === 'create') {
			if (server.refusal) return refused(server.refusal);
			for (const document of parseAllDocuments(input)) {
				const object = document.toJS() as StatusObject;
				server.created.push(object);
				server.objects.set(object.metadata.name, object);
			}
			server.mostAtOnce = Math.max(server.mostAtOnce, server.objects.size);
			return server.losesAnswers ? {stdout: '', stderr: '', exitCode: null, failure: 'timeout'} : done('created\n');
		}
		const [plural, ...names] = rest;
		if (plural !== 'caliconodestatuses.projectcalico.org') throw new Error(`unknown: ${args.join(' ')}`);
		const found = names.flatMap(name => server.objects.get(name) ?? []);
		if (verb === 'delete') {
			if (server.refusesRemoval) return refused('Error from server (Forbidden): caliconodestatuses is forbidden');
			for (const name of names) server.objects.delete(name);
			return done('');
		}
		if (verb !== 'get') throw new Error(`unknown: ${args.join(' ')}`);
		const objects = found.map(shown);
		if (objects.length === 0) return done('');
		return done(names.length === 1 ? JSON.stringify(objects[0]) : list(...objects));
	};
	server.exec = async (file, args, {input = '', signal}) => {
		server.calls.push([file, ...args].join(' '));
		const result = work(args, input);
		server.onCall(server.calls.length);
		// What is stopped in the middle has had its effect.
		return signal?.aborted ? {stdout: '', stderr: '', exitCode: null, failure: 'aborted'} : result;
	};
	return server;
}

export type StatusServer = ReturnType<typeof createStatusServer>;
