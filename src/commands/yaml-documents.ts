import {type Document, isScalar, LineCounter, parseAllDocuments, visit} from 'yaml';
import {UserError} from '../core/user-error.ts';

/**
 * The documents of a YAML text as plain values.
 * @throws UserError (exit code 2) naming the file and the first mistake.
 */
export function parseYaml(content: string, path: string): readonly unknown[] {
	const lineCounter = new LineCounter();
	// The package compares each key with all keys before it: 50,000 of them took 25 s, in which no Ctrl+C is heard.
	const documents = parseAllDocuments(content, {uniqueKeys: false, lineCounter});
	return (Array.isArray(documents) ? documents : []).map(document => {
		const [error] = document.errors;
		if (error) throw new UserError(`${path} is not valid YAML: ${error.message.split('\n')[0]}`);
		try {
			refuseTwice(document, lineCounter);
			return document.toJS();
		} catch (problem) {
			// Aliases that would unfold into more than the package allows, or a key twice.
			throw new UserError(`${path} is not valid YAML: ${(problem as Error).message}.`);
		}
	});
}

/** YAML 1.2 (3.2.1.1): the keys of a map are unique. Of two the later one would win, without a word. */
function refuseTwice(document: Document, lineCounter: LineCounter): void {
	visit(document, {
		Map(_, {items}) {
			const seen = new Set<unknown>();
			for (const {key} of items) {
				if (!isScalar(key)) continue;
				if (seen.has(key.value)) {
					const {line, col} = lineCounter.linePos(key.range?.[0] ?? 0);
					throw new Error(`Map keys must be unique at line ${line}, column ${col}`);
				}
				seen.add(key.value);
			}
		},
	});
}
