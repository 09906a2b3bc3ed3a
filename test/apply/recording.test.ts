import {mkdtempSync, readFileSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {ApplyEvent} from '../../src/apply/events.ts';
import {createRecording} from '../../src/apply/recording.ts';
import {parseRecording} from '../../src/apply/recording-read.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Plan} from '../../src/core/plan/types.ts';
import {UserError} from '../../src/core/user-error.ts';
import {readRun, startPractice} from '../support/practice-run.ts';

const path = join(mkdtempSync(join(tmpdir(), 'recording-')), 'deep', 'run.jsonl');
const command = ['apply', '--practice'];
let events: readonly ApplyEvent[];
let plan: Plan;
let lines: readonly string[];

beforeAll(async () => {
	const {cluster, clock} = startPractice({nodes: 3});
	const recording = createRecording(path, {version: '1.2.3', command, now: new Date(clock.now())});
	recording.connected(cluster);
	const {snapshot} = await cluster.read();
	plan = makePlan(snapshot, {...defaultChoice, reflectors: ['ip-172-31-40-30']});
	const run = recording.follow(plan, startRun({plan, cluster, clock, journal: null}));
	events = await readRun(run);
	expect(recording.close()).toBeUndefined();
	lines = readFileSync(path, 'utf8').trimEnd().split('\n');
});

test('what was recorded is read again', () => {
	const recorded = parseRecording(`${lines.join('\n')}\n`, path);
	expect(recorded.header).toMatchObject({version: '1.2.3', command, at: '2026-11-23T12:00:00.000Z'});
	expect(recorded.cluster).toMatchObject({practice: true, name: 'practice cluster'});
	// The cluster says its own name only once it was read.
	expect(recorded.cluster?.guid).not.toBe('unknown');
	expect(recorded.plan).toEqual(JSON.parse(JSON.stringify(plan)));
	expect(recorded.events).toEqual(JSON.parse(JSON.stringify(events)));
	expect(recorded.isTorn).toBe(false);
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('an existing file is refused', () => {
	expect(() => createRecording(path, {version: '1', command, now: new Date()})).toThrow('EEXIST');
});

test('a last line that is cut off anywhere is understood', () => {
	const whole = parseRecording(`${lines.join('\n')}\n`, path);
	const last = lines.at(-1) ?? '';
	for (const length of [1, 2, Math.floor(last.length / 2), last.length - 1]) {
		const torn = parseRecording(`${lines.slice(0, -1).join('\n')}\n${last.slice(0, length)}`, path);
		expect(torn.isTorn).toBe(true);
		expect(torn.events).toEqual(whole.events.slice(0, -1));
	}
	// Only the line break is missing.
	expect(parseRecording(lines.join('\n'), path)).toEqual(whole);
});

describe('a damaged recording is refused with the number of the line', () => {
	const change = (number: number, edit: (line: string) => string): string =>
		lines.map((each, index) => (index === number - 1 ? edit(each) : each)).join('\n');
	const withJson = (edit: (value: Record<string, unknown>) => unknown) => (line: string) =>
		JSON.stringify(edit(JSON.parse(line)));
	const eventLine = (type: string): number =>
		1 + lines.findIndex(line => line.includes(`"event":{"at":`) && line.includes(`"type":"${type}"`));
	const withEvent = (fields: Readonly<Record<string, unknown>>) =>
		withJson(value => ({...value, event: {...(value.event as object), ...fields}}));

	type Damage = readonly [name: string, line: () => number, edit: (line: string) => string, words: string];
	const damages: readonly Damage[] = [
		['no JSON', () => 5, (line: string) => line.slice(0, -3), 'it is not JSON'],
		['no object', () => 2, () => '[]', 'it is no JSON object'],
		['an empty line', () => 3, () => '', 'it is not JSON'],
		[
			'another schema',
			() => 1,
			withJson(value => ({...value, schemaVersion: 2})),
			'another version of this program (schema 2, not 1)',
		],
		[
			'a day that is none',
			() => 1,
			withJson(value => ({...value, at: 'yesterday'})),
			'it is no beginning of a recording',
		],
		['a second beginning', () => 3, () => lines[0] ?? '', 'a second recording begins there'],
		['no identity', () => 2, withJson(() => ({type: 'cluster', cluster: {}})), 'it does not say which cluster it is'],
		['an unknown type', () => 2, () => '{"type":"poem"}', "nothing called 'poem' is known"],
		[
			'a call without arguments',
			() => 2,
			() => '{"at":0,"argv":[],"exit":0,"stdout":"","stderr":""}',
			'it is no call of a tool',
		],
		[
			'a call of the wrong kind',
			() => 2,
			() => '{"at":"0","argv":["a"],"exit":0,"stdout":"","stderr":""}',
			'it is no call of a tool',
		],
		['a plan without nodes', () => 4, withJson(value => ({...value, plan: {direction: 'forward'}})), 'it is no plan'],
		['an event before its plan', () => 2, () => lines.at(-1) ?? '', 'it belongs to a run whose plan is not there'],
		['an event of no type', () => eventLine('gate'), withEvent({type: 'constructor'}), 'it is no event of a run'],
		['an event without time', () => eventLine('gate'), withEvent({at: null}), 'it is no event of a run'],
		[
			'a gate that waits for nothing known',
			() => eventLine('gate'),
			withEvent({waiting: [null]}),
			'it is no event of a run',
		],
		[
			'a look at nothing',
			() => eventLine('observed'),
			withEvent({observation: {node: 'a', at: 1}}),
			'it is no event of a run',
		],
		['a write of nothing', () => eventLine('write'), withEvent({command: 'rm'}), 'it is no event of a run'],
	];

	test.each(damages)('%s', (_, number, edit, words) => {
		const at = number();
		expect(at).toBeGreaterThan(0);
		const read = () => parseRecording(`${change(at, edit)}\n`, path);
		expect(read).toThrow(UserError);
		expect(read).toThrow(`The recording ${path} cannot be shown: line ${at}: `);
		expect(read).toThrow(words);
	});

	test.each(['', '\n', '{"at"'])('%j holds nothing', text => {
		expect(() => parseRecording(text, path)).toThrow('line 1:');
	});
});
