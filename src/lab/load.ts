import {readdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {isObject} from '../core/json.ts';
import {UserError} from '../core/user-error.ts';
import type {Lab} from './types.ts';

/**
 * The labs of a folder, in their order: each is a module that exports `lab`. The program's own labs and those of a
 * trainer come through this same door.
 * @throws UserError for a folder that cannot be read, and for a file that is no lab.
 */
export async function loadLabs(folder: string): Promise<readonly Lab[]> {
	const names = await readdir(folder).catch(error => {
		throw new UserError(`The labs cannot be read: ${error.message}.`, {
			next: ['Name a folder that is there: --labs DIR'],
		});
	});
	const files = names.filter(name => /\.(?:js|mjs|ts)$/.test(name) && !name.endsWith('.d.ts')).sort();
	const labs = await Promise.all(files.map(name => loadLab(resolve(join(folder, name)))));
	return labs.sort((left, right) => left.order - right.order || (left.name < right.name ? -1 : 1));
}

async function loadLab(path: string): Promise<Lab> {
	let module: unknown;
	try {
		module = await import(pathToFileURL(path).href);
	} catch (error) {
		throw new UserError(`${path} cannot be loaded: ${error instanceof Error ? error.message : error}.`, {
			next: ['Run it with node to see where it fails.'],
		});
	}
	const lab = (module as {readonly lab?: unknown}).lab;
	const wrong = whatIsWrong(lab);
	if (wrong !== undefined) {
		throw new UserError(`${path} is no lab: ${wrong}.`, {next: ['See how one is made: calico-rr-wizard lab new NAME']});
	}
	return lab as Lab;
}

type Rule = readonly [field: keyof Lab, expects: string, holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0;

/** What the program relies on; everything else is the lab's own matter. */
const rules: readonly Rule[] = [
	['name', 'a name of small letters, digits and dashes', value => /^[a-z][a-z0-9-]*$/.test(String(value))],
	['order', 'a number', value => typeof value === 'number'],
	['title', 'a text', isText],
	['goal', 'a text', isText],
	['minutes', 'a number up to 10', value => typeof value === 'number' && value > 0 && value <= 10],
	['text', 'a list of paragraphs', value => isList(value) && value.every(isText)],
	['predict', 'a question with options', value => isObject(value) && isText(value.question) && isList(value.options)],
	['checks', 'a list of checks', value => isList(value) && value.every(each => hasFunction(each, 'judge'))],
	['wrongWays', 'a list of wrong ways', value => isList(value) && value.every(each => hasFunction(each, 'recognise'))],
	['hints', 'three hints', value => isList(value) && value.length === 3 && value.every(isText)],
	['explanation', 'a list of paragraphs', value => isList(value) && value.every(isText)],
];

function hasFunction(value: unknown, name: string): boolean {
	return isObject(value) && typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';
}

function whatIsWrong(lab: unknown): string | undefined {
	if (!isObject(lab)) return 'it does not export `lab`';
	const fields: Readonly<Record<string, unknown>> = lab;
	const broken = rules.find(([field, , holds]) => !holds(fields[field]));
	return broken && `${broken[0]} must be ${broken[1]}`;
}
