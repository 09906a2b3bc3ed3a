import {printYaml} from '../calicoctl/print-yaml.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import {printByTemplate, printValue, valuesAt} from './json-path.ts';
import {Refusal} from './outcome.ts';
import {listOf, printJson, printObject, printObjects, sorted, withoutManagedFields} from './print.ts';
import {objectText} from './resource-type.ts';
import {printColumns} from './table.ts';

/** An object together with its type. */
export type Typed = {readonly resource: ApiResource; readonly object: KubernetesObject};

/** What `-o` asks for; a table, or a line about what was done, is not among these. */
export type Format = (items: readonly Typed[], single: boolean) => string;

/** The format for `-o`; undefined for the usual table or line, and for `wide`. @throws Refusal for one that there is not. */
export function formatOf(options: Arguments): Format | undefined {
	const output = options.value('output');
	const [name = '', ...rest] = (output ?? '').split('=');
	const value = rest.join('=');
	const showsManagers = options.has('show-managed-fields');
	switch (name) {
		case '':
		case 'wide':
			return undefined;
		case 'json':
			// What is printed often is printed once for each version of an object.
			if (!showsManagers) return (items, single) => `${printAs(items, single, printObject, printObjects)}\n`;
			return (items, single) =>
				`${printAs(withManagers(items), single, printJson, objects => printJson(listOf(objects)))}\n`;
		case 'yaml':
			return (items, single) =>
				printAs(
					showsManagers ? withManagers(items) : items.map(withoutManagers),
					single,
					object => printYaml(sorted(object)),
					objects => printYaml(sorted(listOf(objects))),
				);
		case 'name':
			return items => items.map(({resource, object}) => `${objectText(resource, object)}\n`).join('');
		case 'jsonpath':
			return (items, single) =>
				printByTemplate(value, single && items[0] ? items[0].object : listOf(items.map(({object}) => object)));
		case 'custom-columns':
			return items => printCustomColumns(value, items, !options.has('no-headers'));
		case 'go-template':
		case 'go-template-file':
		case 'jsonpath-file':
		case 'jsonpath-as-json':
		case 'custom-columns-file':
		case 'template':
		case 'templatefile':
			throw new NotModelledError(`the output format ${name} of kubectl`);
		default:
			throw new Refusal(
				`error: unable to match a printer suitable for the output format "${output}", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml`,
			);
	}
}

function withoutManagers({resource, object}: Typed): Typed {
	return {resource, object: withoutManagedFields(object)};
}

/** Only of Calico's resources the practice cluster keeps who wrote what. @throws NotModelledError for others */
function withManagers(items: readonly Typed[]): readonly Typed[] {
	const other = items.find(({resource: {writes}}) => writes !== 'crd' && writes !== 'calico');
	if (other) throw new NotModelledError(`the managed fields of a ${other.resource.kind}`);
	return items;
}

function printAs(
	items: readonly Typed[],
	single: boolean,
	one: (object: KubernetesObject) => string,
	many: (objects: readonly KubernetesObject[]) => string,
): string {
	const [first] = items;
	return single && first ? one(first.object) : many(items.map(({object}) => object));
}

function printCustomColumns(spec: string, items: readonly Typed[], withHeadings: boolean): string {
	const columns = spec.split(',').map(column => {
		const [, heading, path] = /^([^:]+):(.+)$/.exec(column) ?? [];
		if (heading === undefined || path === undefined) {
			throw new Refusal(`error: unexpected custom-columns spec: ${column}, expected <header>:<json-path-expr>`);
		}
		return {heading, path};
	});
	const rows = items.map(({object}) =>
		columns.map(({path}) => {
			const values = valuesAt(path, object);
			return values.length === 0 ? '<none>' : values.map(printValue).join(',');
		}),
	);
	return printColumns(withHeadings ? [columns.map(({heading}) => heading), ...rows] : rows);
}
