/** A seeded source of chance: the same seed gives the same run, so that practice and tests can be repeated. */
export type Random = {
	/** A number from 0 up to, not including, 1. */
	next(): number;
	/** A whole number from `low` to `high`, both included. */
	integer(low: number, high: number): number;
	/** A version 4 UUID (RFC 9562), as the datastore gives each resource. */
	uuid(): string;
	/** A source of its own for one purpose, so that drawing from it does not shift what others draw. */
	fork(purpose: string): Random;
};

/** A 32-bit hash (FNV-1a) of a text, to make a seed of a name. */
export function hashText(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}
	return hash >>> 0;
}

/** Makes a source of chance (mulberry32: 32 bits of state, plenty for some thousands of BGP timers). */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	const bits = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return (mixed ^ (mixed >>> 14)) >>> 0;
	};
	const hex = (): string => bits().toString(16).padStart(8, '0');
	return {
		next: () => bits() / 2 ** 32,
		integer: (low, high) => low + Math.floor((bits() / 2 ** 32) * (high - low + 1)),
		uuid: () => {
			const digits = hex() + hex() + hex() + hex();
			const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
			return [
				digits.slice(0, 8),
				digits.slice(8, 12),
				`4${digits.slice(13, 16)}`,
				`${variant}${digits.slice(17, 20)}`,
				digits.slice(20),
			].join('-');
		},
		fork: purpose => createRandom(hashText(`${seed >>> 0}/${purpose}`)),
	};
}
