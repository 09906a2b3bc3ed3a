import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createRecording} from '../src/apply/recording.ts';
import {createCalicoctlCluster} from '../src/cluster/calicoctl/cluster.ts';
import {createPracticeNodeShell} from '../src/cluster/node-shell.ts';
import {type RecordedCall, recordCalls} from '../src/cluster/recorder.ts';
import {runPlain} from '../src/plain/run-plain.ts';
import {createClock} from '../src/practice/clock.ts';
import {createPracticeCluster} from '../src/practice/cluster.ts';
import {meshOffFirst, type Typed, tutorial} from './typed.ts';

/** A transcript, and how it comes about: typed by hand, or by a run of this program. */
export type Transcript = {readonly name: string} & (
	| {readonly typed: readonly Typed[]}
	/** A call that fails, for a run; none where it goes well. */
	| {readonly fails: RegExp | null}
);

export const transcripts: readonly Transcript[] = [
	{name: 'tutorial', typed: tutorial},
	{name: 'mesh-off-first', typed: meshOffFirst},
	{name: 'migration', fails: null},
	{name: 'going-back', fails: /^calicoctl patch node ip-172-31-42-47 .*routeReflectorClusterID":"/},
];

/** Monday noon: with this beginning, a seed and a clock that jumps, a transcript is the same to the last byte. */
const start = Date.UTC(2026, 10, 23, 12);

/** BIRD has been up for some seconds, its sessions Established, when anybody looks. */
const warmUp = 6000;

/** Plays it on a practice cluster of its own and gives the text of its file. */
export async function makeTranscript(transcript: Transcript): Promise<string> {
	// BIRD and the tables made of it show their node's local time.
	process.env.TZ = 'UTC';
	const clock = createClock({speed: 'jump', start: start - warmUp});
	const practice = createPracticeCluster({clock});
	await clock.sleep(warmUp);
	return 'typed' in transcript
		? typedText(transcript.typed, recorder => recordCalls(practice.exec, {clock, origin: start, take: recorder}), clock)
		: runText(transcript.fails, practice, clock);
}

type Practice = ReturnType<typeof createPracticeCluster>;
type Clock = Practice['clock'];
type Recorder = (take: (call: RecordedCall) => void) => Practice['exec'];

async function typedText(typed: readonly Typed[], around: Recorder, clock: Clock): Promise<string> {
	const calls: RecordedCall[] = [];
	const exec = around(call => calls.push(call));
	let printed = '';
	for (const {wait, argv, stdin} of typed) {
		await clock.sleep(1000 * wait);
		const [file = '', ...args] = argv;
		const input = typeof stdin === 'function' ? stdin(printed) : stdin;
		const {stdout, stderr, exitCode} = await exec(file, args, {timeout: 60_000, ...(input !== undefined && {input})});
		if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stdout}${stderr}`);
		printed = stdout;
	}
	return calls.map(call => `${JSON.stringify(call)}\n`).join('');
}

async function runText(fails: RegExp | null, practice: Practice, clock: Clock): Promise<string> {
	if (fails) {
		const stderr =
			'hit error: connection is unauthorized: nodes "ip-172-31-42-47" is forbidden: User "trainee" cannot update resource "nodes/status" in API group "" at the cluster scope\n';
		practice.faults.add({match: fails, kind: 'fail', stderr});
	}
	const folder = mkdtempSync(join(tmpdir(), 'transcript-'));
	const path = join(folder, 'run.jsonl');
	// Not this program's own version: a recording does not change with every release.
	const recording = createRecording(path, {version: '0.1.0', command: ['apply', '--practice'], now: new Date(start)});
	const exec = recording.around(practice.exec, clock);
	const cluster = createCalicoctlCluster({
		exec,
		clock,
		nodeShell: createPracticeNodeShell(exec),
		allowVersionMismatch: false,
		practice: true,
	});
	recording.connected(cluster);
	const ignore = (): void => undefined;
	await runPlain({
		context: {
			cluster,
			clock,
			preset: {},
			openJournal: () => null,
			recordRun: recording.follow,
			savePlan: async () => '',
			signal: new AbortController().signal,
			env: {},
		},
		output: {result: ignore, progress: ignore},
		onSignal: ignore,
		prompts: null,
		yes: true,
		propose: true,
	});
	const failure = recording.close();
	if (failure !== undefined) throw new Error(failure);
	const text = readFileSync(path, 'utf8');
	rmSync(folder, {recursive: true});
	return text;
}
