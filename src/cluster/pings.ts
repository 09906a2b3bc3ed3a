import {type PingRequest, pingArguments} from '../core/probe/scope.ts';
import type {ExecResult} from './exec.ts';
import type {NodeShell} from './node-shell.ts';
import {reasonOf} from './observe.ts';
import {type PingedPackets, parsePing} from './parse/ping.ts';

/** What one `ping` told. `no-program`: there is none where it should have run. */
export type PingResult =
	| {readonly state: 'told'; readonly packets: PingedPackets}
	| {readonly state: 'no-program' | 'failed'; readonly reason: string};

/** Pings from the nodes. Nothing here throws: a node that cannot be asked is a reason in words. */
export type Pings = {
	/** Sends the packets from that node; takes as long as they take. */
	ping(node: string, request: PingRequest, signal?: AbortSignal): Promise<PingResult>;
};

/** The words of a shell, of runc and of kubectl for a program that is not there; POSIX shells end with 127 then. */
const noProgram = /executable file not found|command not found|calico-node has no such program/;

/** Makes them over a node shell; `timeout` is what a command may take beside its packets, in milliseconds. */
export function createPings(shell: NodeShell, timeout: number): Pings {
	return {
		async ping(node, request, signal) {
			const {count, interval} = request.pace;
			const options = {timeout: timeout + count * interval, ...(signal && {signal})};
			let result: ExecResult;
			try {
				result = await shell.run(node, pingArguments(request), options);
			} catch (error) {
				return {state: 'failed', reason: error instanceof Error ? error.message : String(error)};
			}
			const {exitCode, stdout, stderr} = result;
			if (exitCode === 127 || noProgram.test(stderr)) return {state: 'no-program', reason: reasonOf(result)};
			// 1 says only that none was answered.
			if ((exitCode !== 0 && exitCode !== 1) || stdout === '') return {state: 'failed', reason: reasonOf(result)};
			const parsed = parsePing(stdout, request.pace);
			return parsed.ok
				? {state: 'told', packets: parsed.value}
				: {state: 'failed', reason: `the answer could not be read: ${parsed.error.message}`};
		},
	};
}
