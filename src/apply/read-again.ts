import type {Snapshot} from '../core/snapshot.ts';
import type {Part, RunContext} from './context.ts';
import {describeFailure} from './settle.ts';

/** Tries a reading gets before the way back gives up, and the wait between them in milliseconds: two minutes in all. */
const tries = 40;
const pause = 3000;

/** Reads the cluster for the way back, with patience: the API may be gone for a while. Undefined where it stays away. */
export async function* readAgain({cluster, clock, stop}: RunContext): Part<Snapshot | undefined> {
	for (let attempt = 1; attempt <= tries && !stop.aborted; attempt++) {
		try {
			return (await cluster.read(stop)).snapshot;
		} catch (error) {
			const {message} = describeFailure(error);
			yield {
				at: clock.now(),
				type: 'notice',
				text: `The cluster cannot be read (${message}); trying again in ${pause / 1000} s, ${attempt} of ${tries}.`,
			};
			await clock.sleep(pause, stop).catch(() => undefined);
		}
	}
	return undefined;
}
