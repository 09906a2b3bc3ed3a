import {areDone} from '../../plan/merge-writes.ts';
import {storedRun, unreadableNotes} from '../../plan/stored-run.ts';
import {check, pass, warn} from '../types.ts';

/** What runs of this program left in the cluster. */
export const earlierRunChecks = [
	check('earlier-run', 'No run of this program is half done', ({snapshot}) => {
		const unreadable = unreadableNotes(snapshot);
		if (unreadable.length > 0) {
			return warn(
				`The note of a run on BGPPeer ${unreadable.join(' and ')} is not one that this version can read.`,
				'Use the version of this program that wrote it.',
			);
		}
		const run = storedRun(snapshot);
		if (!run) return pass('No BGPPeer carries the note of a run.');
		const what = `the run of ${run.at} by ${run.by}`;
		return areDone(run.writes, snapshot)
			? pass(`All that ${what} wrote is there; rollback takes it back.`)
			: warn(
					`Only a part of what ${what} was to write is there.`,
					'Go on with it: calico-rr-wizard resume. Take it back: calico-rr-wizard rollback.',
				);
	}),
];
