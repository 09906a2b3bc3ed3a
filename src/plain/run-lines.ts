import type {ApplyEvent} from '../apply/events.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';
import {reportLines, unmeasuredLines} from '../core/probe/report.ts';
import {commandLine, typedLine} from './command-line.ts';

/** Milliseconds of the run's clock between two lines about the same waiting gate. */
const heartbeat = 10_000;

/**
 * Makes the presenter of one run: each event as the lines it deserves, most often none. A waiting gate says what it
 * waits for when it begins, and again every 10 s, so that a log shows that it lives.
 */
export function createRunLines(): (event: ApplyEvent) => readonly string[] {
	let lastBeat = Number.NEGATIVE_INFINITY;
	let count = 0;
	let started = 0;
	const setSteps = (steps: readonly unknown[]) => {
		count = steps.length;
		started = 0;
	};
	return event => {
		switch (event.type) {
			case 'run-started':
				setSteps(event.steps);
				return event.journal ? [`Journal: ${sanitize(event.journal)}`] : [];
			case 'turned-back':
				setSteps(event.steps);
				return [event.reason === 'interrupt' ? 'Interrupted: going back. Once more stops at once.' : 'Going back.'];
			case 'step-started':
				started += 1;
				lastBeat = event.at;
				return [`[${started}/${count}] ${sanitize(event.title)}`];
			case 'write':
				return writeLines(event);
			case 'gate': {
				if (event.state === 'met') {
					return [
						`      ${event.established} of ${event.expected} session ends Established after ${seconds(event.elapsed)}`,
					];
				}
				if (event.state === 'waiting' && event.at - lastBeat < heartbeat) return [];
				lastBeat = event.at;
				return waitingLines(event);
			}
			case 'step-done':
				return [`      done in ${seconds(event.elapsed)}`];
			case 'step-failed':
				return [
					`      failed: ${sanitize(event.failure.message)}`,
					...words(event.failure.words),
					...event.failure.next.map(each => `      ${sanitize(each)}`),
				];
			case 'notice':
				return [`      ${sanitize(event.text)}`];
			case 'observed':
				return [];
			case 'hold':
				return [holdLine(event)];
			case 'canary':
				return [canaryLine(event)];
			case 'probe':
				return probeLines(event).map(sanitize);
			case 'run-ended':
				return endLines(event);
		}
	};
}

type EventOf<T extends ApplyEvent['type']> = Extract<ApplyEvent, {readonly type: T}>;

function writeLines({state, verb, kind, name, command}: EventOf<'write'>): readonly string[] {
	const what = sanitize(`${kind} ${name}`);
	switch (state) {
		case 'started':
			return [`      ${verb} ${what}: ${typedLine(command)}`];
		case 'done':
			return [];
		case 'already-so':
			return [`      ${what} is so already`];
		case 'unknown':
			return [`      nobody knows yet whether the ${verb} of ${what} took effect: looking`];
		case 'failed':
			return [`      the ${verb} of ${what} failed`];
	}
}

function holdLine({action, node, state, routes, words: reason}: EventOf<'hold'>): string {
	if (state === 'failed')
		return sanitize(`      ${node}: ${action === 'take' ? 'not held' : 'not released'}: ${reason}`);
	return sanitize(`      ${node}: ${routes} routes ${action === 'take' ? 'held' : 'released'}`);
}

function probeLines(event: EventOf<'probe'>): readonly string[] {
	switch (event.state) {
		case 'started':
			return startedProbe(event);
		case 'loss':
			return [
				`      pings lost on ${event.losses.length} of the pairs; ${event.milliseconds} ms so far on all of them`,
			];
		case 'ended':
			return reportLines(event.report);
	}
}

function startedProbe({pairs, of, interval, oneWay, unmeasured}: Extract<EventOf<'probe'>, {state: 'started'}>) {
	return [
		`Probe: pings between ${pairs} of ${of} pairs of nodes, every ${interval} ms, until the run ends.`,
		...(oneWay > 0
			? [`On ${oneWay} of them only the way there counts: the answers go to the node's own address.`]
			: []),
		...unmeasuredLines(unmeasured),
	];
}

function canaryLine({node, mesh, state, sessions, words: reason}: EventOf<'canary'>): string {
	if (state === 'failed') return sanitize(`      ${node}: mesh sessions not switched ${mesh}: ${reason}`);
	return sanitize(`      ${node}: ${sessions} mesh sessions switched ${mesh}`);
}

function waitingLines({state, established, expected, waiting, elapsed}: EventOf<'gate'>): readonly string[] {
	const [first] = waiting;
	const more = waiting.length > 1 ? `, and ${waiting.length - 1} more` : '';
	const reason = first ? `: ${sanitize(`${first.node} ${first.what}: ${first.reason}`)}${more}` : '';
	const verb = state === 'failed' ? 'gave up waiting' : 'waiting';
	return [`      ${verb}, ${established} of ${expected} session ends Established after ${seconds(elapsed)}${reason}`];
}

function endLines({outcome, left}: EventOf<'run-ended'>): readonly string[] {
	switch (outcome) {
		case 'done':
			return ['Done.'];
		case 'nothing-to-do':
			return ['Nothing to do: the cluster is as planned already.'];
		case 'not-started':
			return ['Nothing was written.'];
		case 'went-back':
			return ['The cluster is as it was before.'];
		case 'left':
		case 'stopped':
			return [
				outcome === 'stopped' ? 'Stopped before the end.' : 'The way back could not be walked to its end.',
				...left.flatMap(each => [
					sanitize(`Left: ${each.kind} ${each.name}: ${each.reason}`),
					...(each.command ? [`  $ ${commandLine(each.command)}`] : []),
				]),
			];
	}
}

function words(text: string): readonly string[] {
	return sanitizeLines(text)
		.split('\n')
		.filter(line => line.trim() !== '')
		.map(line => `      | ${line}`);
}

function seconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(1)} s`;
}
