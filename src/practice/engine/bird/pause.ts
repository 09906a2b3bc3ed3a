import {setTimeout} from 'node:timers/promises';

/** Waits so many milliseconds of real time: real BIRD knows no other. */
export async function pause(milliseconds: number): Promise<void> {
	await setTimeout(milliseconds);
}
