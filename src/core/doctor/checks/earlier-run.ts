import {hold} from '../../hold.ts';
import {areDone} from '../../plan/merge-writes.ts';
import {storedRun, unreadableNotes} from '../../plan/stored-run.ts';
import {peerTypes, type Seen, type Session} from '../../session.ts';
import {judgeUnseen, seeingOf} from '../looks.ts';
import type {RunTraces} from '../traces.ts';
import {block, check, type DoctorInput, type Judgement, notKnown, pass, unknown, warn, whenKnown} from '../types.ts';
import {counted, some} from '../words.ts';

const goOn = 'Go on with it: calico-rr-wizard resume. Take it back: calico-rr-wizard rollback.';

/** What runs of this program left, in the cluster, on its nodes and on this machine. */
export const earlierRunChecks = [
	check('earlier-run', 'No run of this program is half done', ({snapshot, traces}) => {
		const unreadable = unreadableNotes(snapshot);
		if (unreadable.length > 0) {
			return warn(
				`The note of a run on BGPPeer ${unreadable.join(' and ')} is not one that this version can read.`,
				'Use the version of this program that wrote it.',
			);
		}
		const run = storedRun(snapshot);
		const what = run && `the run of ${run.at} by ${run.by}`;
		if (run && !areDone(run.writes, snapshot)) {
			return warn(`Only a part of what ${what} was to write is there.`, goOn);
		}
		const noted = run
			? pass(`All that ${what} wrote is there; rollback takes it back.`)
			: pass('No BGPPeer carries the note of a run.');
		return openJournalOf(traces) ?? noted;
	}),
	check('run-lock', 'No other run is under way from this machine', ({traces}) =>
		whenKnown(traces.lock, lock => {
			if (!lock) return pass('No run of this machine has the lock on this cluster.');
			const {pid, host, since, alive, path} = lock;
			return alive
				? block(
						`Process ${pid} on ${host} has had the lock on this cluster since ${since}: a run is under way.`,
						'Wait until it has ended; it says how it goes where it was started.',
					)
				: warn(
						`Process ${pid} on ${host} took the lock on this cluster at ${since} and does not live any more: its run was killed. The lock is ${path}.`,
						'The next run takes the lock over.',
						goOn,
					);
		}),
	),
	check('held-routes', 'No routes are held by an earlier run', ({traces}) => whenKnown(traces.held, judgeHeld)),
	check('mesh-switched-off', 'No mesh session is switched off by an earlier run', judgeSwitched),
];

/** A run that this machine's journal tells of and that did not end; undefined where there is none, or it is not known. */
function openJournalOf({openJournal}: RunTraces): Judgement | undefined {
	if (!openJournal.known) return undefined;
	const {value: run} = openJournal;
	if (!run) return undefined;
	const what = run.direction === 'back' ? 'way back' : 'run';
	return warn(`The ${what} of ${run.at} did not come to its end, as its journal says: ${run.path}.`, goOn);
}

function judgeHeld(nodes: ReadonlyMap<string, Seen<number>>): Judgement {
	const all = [...nodes];
	const held = all.flatMap(([node, seen]) => (seen.known && seen.value > 0 ? [`${node} (${seen.value})`] : []));
	const untold = all.flatMap(([node, seen]) => (seen.known ? [] : [node]));
	const more = untold.length > 0 ? ` Not known on ${some(untold)}.` : '';
	if (held.length > 0) {
		return warn(
			`Routes of proto ${hold.protocol} metric ${hold.metric} are held on ${counted(held.length, 'node')}: ${some(held)}. They lead where the pods were when a run took them, also after those have moved.${more}`,
			'If no run is under way, take them away: calico-rr-wizard hold clear',
			'See every node: calico-rr-wizard hold status',
		);
	}
	for (const [node, seen] of all) if (!seen.known) return notKnown(`${node}: ${seen.reason}`);
	return all.length === 0
		? unknown('Not known: no node was looked at.')
		: pass(`There is none on the ${counted(all.length, 'node')} looked at.`);
}

/** BIRD says `down` only of a session that somebody switched off; a canary's are, for as long as it is tried. */
function judgeSwitched(input: DoctorInput): Judgement {
	const seeing = seeingOf(input);
	const isMesh = ({type}: Session) => type === peerTypes.mesh;
	const off = seeing.seen.flatMap(({node, sessions}) => {
		const count = sessions.filter(session => isMesh(session) && session.state === 'down').length;
		return count === 0 ? [] : [{node, count}];
	});
	if (off.length > 0) {
		return warn(
			`Mesh sessions are switched off in BIRD on ${some(off.map(({node, count}) => `${node} (${count})`))}.`,
			'If no run is under way, switch them on again in calico-node on that node: birdcl enable "Mesh_*"',
			'BIRD also does so by itself when Calico writes it another configuration.',
		);
	}
	const blurred = seeing.seen.find(({sessions}) =>
		sessions.some(each => isMesh(each) && each.info.includes(' or Down')),
	);
	if (blurred) return unknown(`Not known: CalicoNodeStatus does not tell it of ${blurred.node}.`);
	return judgeUnseen(seeing) ?? pass(`None is on the ${counted(seeing.seen.length, 'node')} looked at.`);
}
