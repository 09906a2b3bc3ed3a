import type {Choice} from '../core/plan/types.ts';

/** How the text after a flag is read. */
export type ValueReader<T> = {
	/** What the flag takes, for the sentence that refuses something else. */
	readonly expects: string;
	/** The value, or undefined where the text is not one. */
	readonly read: (text: string) => T | undefined;
	/** All values there are, where they can be listed. */
	readonly values?: readonly string[];
};

/** Any text but the empty one. */
export function text(expects: string): ValueReader<string> {
	return {expects, read: value => (value === '' ? undefined : value)};
}

/** Names with commas between them. */
export const names: ValueReader<readonly string[]> = {
	expects: 'names with commas between them',
	read: value => {
		const list = value.split(',').map(name => name.trim());
		return list.includes('') ? undefined : list;
	},
};

/** One of a few words. */
export function oneOf<const V extends string>(...values: readonly V[]): ValueReader<V> {
	return {expects: values.join(' or '), values, read: value => values.find(each => each === value)};
}

/** A number above 0, with or without a fraction. */
export const positive: ValueReader<number> = {
	expects: 'a number above 0',
	read: value => (/^\d+(\.\d+)?$/.test(value) && Number(value) > 0 ? Number(value) : undefined),
};

/** A whole number within limits. */
export function whole(least: number, most: number): ValueReader<number> {
	return {
		expects: `a whole number from ${least} to ${most}`,
		read: value => {
			const number = Number(value);
			return /^\d+$/.test(value) && number >= least && number <= most ? number : undefined;
		},
	};
}

/** One cluster ID for all reflectors, or `per-node`. Whether the ID is an IPv4 address is the plan's to say. */
export const clusterId: ValueReader<Choice['clusterId']> = {
	expects: 'an IPv4 address or per-node',
	values: ['per-node'],
	read: value => (value === '' ? undefined : value === 'per-node' ? {mode: 'per-node'} : {mode: 'shared', id: value}),
};

/** The practice clock's speed: how much faster than real time, or `jump`: waiting takes no time at all. */
export const speed: ValueReader<number | 'jump'> = {
	expects: 'a number above 0, or jump',
	values: ['jump'],
	read: value => (value === 'jump' ? 'jump' : positive.read(value)),
};
