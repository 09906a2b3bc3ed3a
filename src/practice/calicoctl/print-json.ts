import type {Json} from '../../core/json.ts';

/** Prints as calicoctl's `-o json` does: Go's MarshalIndent, with no line break at the end. */
export function printJson(value: Json): string {
	const text = JSON.stringify(value, null, 2);
	// Go's encoder writes these as escapes, so that JSON can stand in HTML.
	return text.replace(/[<>&\u2028\u2029]/g, character => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});
}
