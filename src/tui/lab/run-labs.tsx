import {openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import type {LabEnd, LabScreenState} from '../../lab/screen/state.ts';
import {showScreens} from '../show-screens.tsx';
import {LabApp} from './app.tsx';
import type {LabRoom} from './effects.ts';

type Setting = {
	readonly room: LabRoom;
	/** Aborted by signals, with the exit code as its reason. */
	readonly signal: AbortSignal;
	readonly env: Readonly<Record<string, string | undefined>>;
};

/** Shows the labs on the terminal's alternate screen until the learner leaves or wants the shell. */
export async function runLabs(
	start: LabScreenState,
	{room, signal, env}: Setting,
): Promise<{readonly end: LabEnd; readonly state: LabScreenState}> {
	let left: {readonly end: LabEnd; readonly state: LabScreenState} | undefined;
	const onEnd = (end: LabEnd, state: LabScreenState): void => {
		left = {end, state};
	};
	// Standard input would be read on behind the shell's back: a stream that was read once cannot be made to stop.
	const keyboard = new ReadStream(openSync('/dev/tty', 'r'));
	keyboard.on('error', () => undefined);
	try {
		await showScreens(<LabApp start={start} room={room} signal={signal} env={env} onEnd={onEnd} />, {signal, keyboard});
	} finally {
		keyboard.destroy();
	}
	return left ?? {end: {type: 'quit', exitCode: 1}, state: start};
}
