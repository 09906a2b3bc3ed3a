/** A JSON object; a key that holds undefined counts as absent, as JSON.stringify treats it. */
export type JsonObject = {readonly [key: string]: Json | undefined};

/** A value that JSON can hold: what comes back from the tools and goes to them. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Whether a value is an object with keys, and not an array or null. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two values hold the same data; the order of an object's keys does not count, an array's does. */
export function equalJson(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (Array.isArray(left) && Array.isArray(right)) {
		return left.length === right.length && left.every((item, index) => equalJson(item, right[index]));
	}
	if (!isObject(left) || !isObject(right)) return false;
	const keys = Object.keys(left).filter(key => left[key] !== undefined);
	const others = Object.keys(right).filter(key => right[key] !== undefined);
	return keys.length === others.length && keys.every(key => equalJson(left[key], right[key]));
}
