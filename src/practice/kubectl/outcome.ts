import {StatusError} from '../kubernetes/status-error.ts';

/** What a command printed, and how it ended. */
export type Outcome = {
	readonly stdout: string;
	readonly stderr?: string;
	/** What went wrong, printed behind stderr as kubectl does when it ends. */
	readonly errors?: readonly Error[];
	/** 0 without errors, 1 with, unless given. */
	readonly exitCode?: number;
};

/** An error that kubectl finds itself, in its whole words. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
}

/** An error that belongs to a file, worded as AddSourceToErr does. */
export function errorWhen(verb: string, source: string, error: unknown): unknown {
	if (!(error instanceof StatusError)) return error;
	return new StatusError(error.reason, `error when ${verb} "${source}": ${error.message}`, error.details);
}

/** The text of an error as kubectl ends with it (k8s.io/kubectl/pkg/cmd/util/helpers.go, checkErr). */
export function errorText(error: Error): string {
	if (!(error instanceof StatusError)) return error.message;
	switch (error.reason) {
		case 'Invalid':
			return invalidText(error);
		case 'Unauthorized':
			return 'error: You must be logged in to the server (Unauthorized)';
		case '':
			return `Error from server: ${error.message}`;
		default:
			return `Error from server (${error.reason}): ${error.message}`;
	}
}

function invalidText({message, details}: StatusError): string {
	if (!details) return `The request is invalid: ${message}`;
	const texts = [...new Set(details.causes.map(({field, message: cause}) => `${field}: ${cause}`))];
	const what = `The ${details.kind} "${details.object}" is invalid`;
	if (texts.length === 0) return what;
	return texts.length === 1 ? `${what}: ${texts[0]}` : `${what}: \n${texts.map(text => `* ${text}`).join('\n')}`;
}
