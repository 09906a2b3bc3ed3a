import type {ExecResult} from '../../cluster/exec.ts';
import {NotModelledError} from '../datastore/errors.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import {whenAnswered} from '../node/answers.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {type Outcome, Refusal} from './outcome.ts';

/** `kubectl exec POD -c CONTAINER -- COMMAND…` */
export function runExec(host: Host, options: Arguments): Outcome | Promise<Outcome> {
	const [pod, ...more] = options.words;
	if (more.length > 0) {
		throw new Refusal(
			"error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
		);
	}
	if (pod === undefined) throw new Refusal('error: pod, type/name or --filename must be specified');
	if (options.rest.length === 0) throw new Refusal('error: you must specify at least one command for the container');
	const name = pod.replace(/^(?:pods?|po)\//, '');
	if (name.includes('/')) throw new NotModelledError(`kubectl exec ${pod}`);
	const container = options.value('container');
	const input = options.has('stdin') ? host.input : '';
	const answer = run(host, name, container, options.rest, input);
	return whenAnswered(answer, result => outcomeOf(result, options.rest[0] ?? ''));
}

function outcomeOf({exitCode, stdout, stderr, failure}: ExecResult, program: string): Outcome {
	if (failure) throw new NotModelledError(`a command in a pod that ends with ${failure}`);
	if (exitCode === 127) return notInImage(program);
	if (!exitCode) return {stdout, stderr};
	return {stdout, stderr: `${stderr}command terminated with exit code ${exitCode}\n`, exitCode};
}

/** What runc says of a program that the image lacks, as kubectl passes it on; of others it is not known that it does. */
function notInImage(program: string): Outcome {
	if (program !== 'ping') throw new NotModelledError(`the program ${program} in a pod`);
	const words = `exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`;
	return {
		stdout: '',
		stderr: `OCI runtime exec failed: ${words}\ncommand terminated with exit code 126\n`,
		exitCode: 126,
	};
}

function run(host: Host, name: string, container: string | undefined, argv: readonly string[], input: string) {
	try {
		return host.api.exec({namespace: host.namespace, name}, container, argv, input);
	} catch (error) {
		const isContainer = error instanceof StatusError && error.reason === 'BadRequest';
		// The API server answers plainly, but kubectl had asked for a connection.
		throw isContainer ? new Refusal(`Error from server (BadRequest): ${error.message}`) : error;
	}
}
