import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';

/** A column of a table that the API server makes of a type; `wide` ones are only in `-o wide`. */
export type Column = {
	readonly heading: string;
	readonly wide?: true;
	readonly value: (object: KubernetesObject, now: number) => string;
};

const part = (object: JsonObject, ...path: readonly string[]): Json | undefined =>
	path.reduce<Json | undefined>((value, name) => (isObject(value) ? value[name] : undefined), object);
const text = (value: Json | undefined, absent = '<none>'): string =>
	value === undefined || value === null || value === '' ? absent : String(value);
const objects = (value: Json | undefined): readonly JsonObject[] =>
	Array.isArray(value) ? value.filter(isObject) : [];

const name: Column = {heading: 'NAME', value: ({metadata}) => metadata.name};
const age: Column = {
	heading: 'AGE',
	value: ({metadata}, now) => printAge(now - Date.parse(String(metadata.creationTimestamp))),
};
const node = (field: string) => (object: KubernetesObject) => text(part(object, 'status', 'nodeInfo', field));
const address = (type: string) => (object: KubernetesObject) =>
	text(objects(part(object, 'status', 'addresses')).find(item => item.type === type)?.address);

function nodeStatus(object: KubernetesObject): string {
	const ready = objects(part(object, 'status', 'conditions')).find(({type}) => type === 'Ready');
	const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
	return object.spec?.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles({metadata}: KubernetesObject): string {
	const prefix = 'node-role.kubernetes.io/';
	const roles = Object.keys(metadata.labels ?? {}).filter(key => key.startsWith(prefix));
	return text(
		roles
			.map(role => role.slice(prefix.length))
			.sort()
			.join(','),
	);
}

const containers = (object: KubernetesObject): readonly JsonObject[] =>
	objects(part(object, 'status', 'containerStatuses'));

const columns: Readonly<Record<string, readonly Column[]>> = {
	nodes: [
		name,
		{heading: 'STATUS', value: nodeStatus},
		{heading: 'ROLES', value: nodeRoles},
		age,
		{heading: 'VERSION', value: node('kubeletVersion')},
		{heading: 'INTERNAL-IP', wide: true, value: address('InternalIP')},
		{heading: 'EXTERNAL-IP', wide: true, value: address('ExternalIP')},
		{heading: 'OS-IMAGE', wide: true, value: node('osImage')},
		{heading: 'KERNEL-VERSION', wide: true, value: node('kernelVersion')},
		{heading: 'CONTAINER-RUNTIME', wide: true, value: node('containerRuntimeVersion')},
	],
	pods: [
		name,
		{
			heading: 'READY',
			value: pod =>
				`${containers(pod).filter(({ready}) => ready === true).length}/${objects(pod.spec?.containers).length}`,
		},
		{heading: 'STATUS', value: pod => text(part(pod, 'status', 'phase'))},
		{
			heading: 'RESTARTS',
			value: pod => String(containers(pod).reduce((sum, {restartCount}) => sum + Number(restartCount ?? 0), 0)),
		},
		age,
		{heading: 'IP', wide: true, value: pod => text(part(pod, 'status', 'podIP'))},
		{heading: 'NODE', wide: true, value: pod => text(pod.spec?.nodeName)},
		{heading: 'NOMINATED NODE', wide: true, value: () => '<none>'},
		{heading: 'READINESS GATES', wide: true, value: () => '<none>'},
	],
	namespaces: [name, {heading: 'STATUS', value: object => text(part(object, 'status', 'phase'))}, age],
};

const customColumns: readonly Column[] = [name, age];

/** What Calico's own API server shows: the columns of a server that has none of its own. */
const aggregatedColumns: readonly Column[] = [
	name,
	{heading: 'CREATED AT', value: ({metadata}) => text(metadata.creationTimestamp)},
];

/** The columns of a type; undefined for one whose columns the practice cluster does not know. */
export function columnsOf({collection, writes}: ApiResource): readonly Column[] | undefined {
	if (writes === 'calico') return aggregatedColumns;
	return writes === 'crd' ? customColumns : columns[collection];
}

/** kubectl's tab writer: blanks between columns, and the width of the narrowest. */
const padding = 3;
const narrowest = 6;

/** Rows of cells in columns, three blanks apart, as kubectl's tab writer sets them: no blanks behind the last. */
export function printColumns(rows: readonly (readonly string[])[]): string {
	const count = Math.max(0, ...rows.map(row => row.length));
	const widths = Array.from({length: count}, (_item, column) =>
		rows.reduce((width, row) => Math.max(width, (row[column] ?? '').length + padding), narrowest),
	);
	return rows
		.map(row => {
			const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
			return `${cells.join('')}\n`;
		})
		.join('');
}

/** A span of time in milliseconds as kubectl prints an age (k8s.io/apimachinery/pkg/util/duration, HumanDuration). */
export function printAge(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	if (seconds < -1) return '<invalid>';
	if (seconds < 0) return '0s';
	if (seconds < 120) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
	if (minutes < 180) return `${minutes}m`;
	const hours = Math.floor(minutes / 60);
	if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
	if (hours < 48) return `${hours}h`;
	if (hours < 192) return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h');
	const days = Math.floor(hours / 24);
	if (days < 365 * 2) return `${days}d`;
	if (days < 365 * 8) return withRest(Math.floor(days / 365), 'y', days % 365, 'd');
	return `${Math.floor(days / 365)}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
	return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}
