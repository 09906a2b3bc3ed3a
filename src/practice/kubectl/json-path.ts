import {isObject, type Json} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';

type Step =
	| {readonly type: 'field'; readonly name: string}
	| {readonly type: 'index'; readonly index: number}
	| {readonly type: 'all'}
	| {readonly type: 'filter'; readonly path: readonly Step[]; readonly value: string | number | boolean};

type Part =
	| {readonly type: 'text'; readonly text: string}
	| {readonly type: 'path'; readonly steps: readonly Step[]}
	| {readonly type: 'range'; readonly steps: readonly Step[]; readonly parts: readonly Part[]};

/**
 * Prints a value by a kubectl template: `{.items[*].metadata.name}`, `{range .items[*]}…{"\n"}{end}`, escaped dots, an
 * index, and filters that compare one field with a constant. @throws NotModelledError for the rest of the language.
 */
export function printByTemplate(template: string, value: Json): string {
	// kubectl takes a template without braces for one path.
	const text = template.includes('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`;
	const parts = readParts(text);
	return printParts(parts, value);
}

/** The values that a path like `.metadata.name` leads to. */
export function valuesAt(path: string, value: Json): readonly Json[] {
	const text = path.replace(/^\{|\}$/g, '');
	return follow(readSteps(text.startsWith('.') ? text : `.${text}`), [value]);
}

function printParts(parts: readonly Part[], value: Json): string {
	return parts
		.map(part => {
			if (part.type === 'text') return part.text;
			const values = follow(part.steps, [value]);
			if (part.type === 'range') return values.map(item => printParts(part.parts, item)).join('');
			return values.map(printValue).join(' ');
		})
		.join('');
}

/** A text as it is; anything else as JSON on one line. */
export function printValue(value: Json): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

function readParts(template: string): readonly Part[] {
	const tokens = template.match(/\{[^{}]*\}|[^{}]+/g) ?? [];
	if (tokens.join('') !== template) throw new NotModelledError(`the template ${template}`);
	const stack: {readonly steps: readonly Step[]; readonly parts: Part[]}[] = [{steps: [], parts: []}];
	const add = (part: Part): void => {
		stack.at(-1)?.parts.push(part);
	};
	for (const token of tokens) {
		if (!token.startsWith('{')) {
			add({type: 'text', text: token});
			continue;
		}
		const inside = token.slice(1, -1).trim();
		if (inside.startsWith('range ')) stack.push({steps: readSteps(inside.slice(6).trim()), parts: []});
		else if (inside === 'end') {
			const range = stack.pop();
			if (!range || stack.length === 0) throw new NotModelledError(`the template ${template}`);
			add({type: 'range', steps: range.steps, parts: range.parts});
		} else if (/^"(?:[^"\\]|\\.)*"$/.test(inside)) add({type: 'text', text: String(JSON.parse(inside))});
		else for (const path of inside.split(/,(?=\.)/)) add({type: 'path', steps: readSteps(path.trim())});
	}
	if (stack.length > 1) throw new NotModelledError(`the template ${template}`);
	return stack[0]?.parts ?? [];
}

function readSteps(path: string): readonly Step[] {
	const steps: Step[] = [];
	let rest = path.replace(/^[$@]/, '');
	while (rest !== '' && rest !== '.') {
		const field = /^\.((?:[^.[\]\\\s]|\\.)+)/.exec(rest);
		const index = /^\[(-?\d+)\]/.exec(rest);
		const all = /^\[\*\]|^\.\*/.exec(rest);
		const name = /^\[(?:'([^']*)'|"([^"]*)")\]/.exec(rest);
		const filter = /^\[\?\(\s*@((?:[^\s=]|\\.)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|(\S+?))\s*\)\]/.exec(rest);
		const found = filter ?? index ?? all ?? name ?? field;
		if (!found) throw new NotModelledError(`the JSONPath ${path}`);
		rest = rest.slice(found[0].length);
		if (filter) {
			const [, inner = '', double, single, bare = ''] = filter;
			const value = double ?? single ?? (JSON.parse(bare) as string | number | boolean);
			steps.push({type: 'filter', path: readSteps(inner), value});
		} else if (index) steps.push({type: 'index', index: Number(index[1])});
		else if (all) steps.push({type: 'all'});
		else if (name) steps.push({type: 'field', name: name[1] ?? name[2] ?? ''});
		else steps.push({type: 'field', name: (field?.[1] ?? '').replaceAll(/\\(.)/g, '$1')});
	}
	return steps;
}

function follow(steps: readonly Step[], values: readonly Json[]): readonly Json[] {
	return steps.reduce<readonly Json[]>((found, step) => found.flatMap(value => stepInto(value, step)), values);
}

function stepInto(value: Json, step: Step): readonly Json[] {
	switch (step.type) {
		case 'field': {
			const inner = isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
			return inner === undefined ? [] : [inner];
		}
		case 'index':
			return Array.isArray(value) ? [value.at(step.index)].filter(item => item !== undefined) : [];
		case 'all':
			if (Array.isArray(value)) return value;
			return isObject(value) ? Object.values(value).filter(item => item !== undefined) : [];
		case 'filter':
			return (Array.isArray(value) ? value : []).filter(item => follow(step.path, [item]).includes(step.value));
	}
}
