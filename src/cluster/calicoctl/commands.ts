import {Document, Scalar, visit} from 'yaml';
import type {JsonObject} from '../../core/json.ts';
import type {Kind, WrittenResource} from '../../core/resources.ts';
import {type FieldChange, fieldChanges, patchBody, type Write} from '../../core/write.ts';
import type {Command} from '../port.ts';

/** How calicoctl is called, beside what it is asked. */
export type Invocation = {
	readonly binary: string;
	/** `--config`: calicoctl's own configuration file (CalicoAPIConfig). */
	readonly configFile?: string | undefined;
	/** `--context`: the kubeconfig context. */
	readonly context?: string | undefined;
	readonly allowVersionMismatch: boolean;
};

/** Resource names that every supported release knows (calicoctl/calicoctl/resourcemgr). */
const resourceNames: Readonly<Record<Kind, {readonly one: string; readonly all: string}>> = {
	Node: {one: 'node', all: 'nodes'},
	BGPPeer: {one: 'bgppeer', all: 'bgppeers'},
	BGPConfiguration: {one: 'bgpconfig', all: 'bgpconfig'},
	IPPool: {one: 'ippool', all: 'ippools'},
	ClusterInformation: {one: 'clusterinformation', all: 'clusterinformation'},
};

/** Reads every resource of a kind. */
export function getAllCommand(invocation: Invocation, kind: Kind): Command {
	return commandOf(invocation, ['get', resourceNames[kind].all, '-o', 'json']);
}

/** Reads one resource. */
export function getCommand(invocation: Invocation, kind: Kind, name: string): Command {
	return commandOf(invocation, ['get', resourceNames[kind].one, name, '-o', 'json']);
}

/** Does a write. A patch holds only the fields that change; a Node is never applied, for that would drop its other fields. */
export function writeCommand(invocation: Invocation, write: Write): Command {
	switch (write.verb) {
		case 'create':
			return {...commandOf(invocation, ['create', '-f', '-']), input: toYaml(write.after)};
		case 'patch': {
			const changes = fieldChanges(write.before, write.after).filter(change => !isServersField(change));
			const body = JSON.stringify(patchBody(changes));
			return commandOf(invocation, ['patch', resourceNames[write.kind].one, write.name, '-p', body]);
		}
		case 'delete':
			return commandOf(invocation, ['delete', resourceNames[write.kind].one, write.name]);
	}
}

/** The options stand after the subcommand: there both docopt (up to 3.32) and cobra (from 3.33) take them. */
export function commandOf(
	{binary, configFile, context, allowVersionMismatch}: Invocation,
	question: readonly string[],
): Command {
	const options = [
		...(configFile === undefined ? [] : [`--config=${configFile}`]),
		...(context === undefined ? [] : [`--context=${context}`]),
		...(allowVersionMismatch ? ['--allow-version-mismatch'] : []),
	];
	return {file: binary, args: [...question, ...options]};
}

/** What the datastore sets itself; Calico refuses to create an object that has it (libcalico-go/lib/clientv3/resources.go). */
const serversFields: ReadonlySet<string> = new Set([
	'resourceVersion',
	'uid',
	'creationTimestamp',
	'generation',
	'managedFields',
]);

/** Whether a change is of a field that only the datastore sets. */
export function isServersField({path}: FieldChange): boolean {
	return path[0] === 'metadata' && serversFields.has(path[1] ?? '');
}

/** The resource as YAML for `-f -`: `yaml-1.1` quotes what Go's older YAML reads as no string (`yes`, `1_000`). */
export function toYaml({apiVersion, kind, metadata, spec, ...rest}: WrittenResource): string {
	const kept: JsonObject = Object.fromEntries(Object.entries(metadata).filter(([key]) => !serversFields.has(key)));
	const document = new Document(
		{apiVersion, kind, metadata: kept, spec, ...rest},
		{schema: 'yaml-1.1', aliasDuplicateObjects: false},
	);
	visit(document, {
		Scalar(_, scalar) {
			// An octal number to newer readers only.
			if (/^0o[0-7]+$/i.test(String(scalar.value))) scalar.type = Scalar.QUOTE_DOUBLE;
		},
	});
	// A folded selector would hold a newline, which Calico's selectors do not allow.
	return document.toString({lineWidth: 0});
}
