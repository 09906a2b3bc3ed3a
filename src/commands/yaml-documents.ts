import {parseAllDocuments} from 'yaml';
import {UserError} from '../core/user-error.ts';

/**
 * The documents of a YAML text as plain values.
 * @throws UserError (exit code 2) naming the file and the first mistake.
 */
export function parseYaml(content: string, path: string): readonly unknown[] {
	const documents = parseAllDocuments(content);
	return (Array.isArray(documents) ? documents : []).map(document => {
		const [error] = document.errors;
		if (error) throw new UserError(`${path} is not valid YAML: ${error.message.split('\n')[0]}`);
		try {
			return document.toJS();
		} catch (problem) {
			// Aliases that would unfold into more than the package allows.
			throw new UserError(`${path} is not valid YAML: ${(problem as Error).message}.`);
		}
	});
}
