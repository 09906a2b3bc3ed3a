import {type Dispatch, useEffect, useRef, useState} from 'react';
import {tryWrites, type Verdicts} from '../apply/dry-run.ts';
import {startRun} from '../apply/engine.ts';
import {examineCluster} from '../apply/examine-cluster.ts';
import {decideHolding} from '../apply/holding.ts';
import {knownNodes} from '../apply/node-facts.ts';
import type {Run} from '../apply/run.ts';
import {createRounds} from '../cluster/rounds.ts';
import type {Plan} from '../core/plan/types.ts';
import type {Observation} from '../core/session.ts';
import type {Action} from '../wizard/actions.ts';
import type {WizardContext} from '../wizard/context.ts';
import {type PreflightAnswer, preflightQuestion} from '../wizard/preflight.ts';
import {problemOf} from '../wizard/problems.ts';
import {isRunning, runScreenOf, type WizardState} from '../wizard/state.ts';

type Effect = {readonly state: WizardState; readonly dispatch: Dispatch<Action>; readonly context: WizardContext};

/** Reads the cluster whenever the state says that it is being read. */
export function useReading({state, dispatch, context}: Effect): void {
	const {cluster, clock, preset} = context;
	const since = state.reading?.since;
	useEffect(() => {
		if (since === undefined) return;
		const controller = new AbortController();
		Promise.all([cluster.read(controller.signal), decideHolding(preset, cluster)]).then(
			([{snapshot}, holding]) => {
				if (!controller.signal.aborted)
					dispatch({type: 'read', snapshot, holding, identity: cluster.identity, at: clock.now()});
			},
			error => {
				if (!controller.signal.aborted) dispatch({type: 'read-failed', problem: problemOf(error)});
			},
		);
		return () => controller.abort();
	}, [since, cluster, clock, preset, dispatch]);
	const snapshot = state.data?.snapshot;
	useEffect(() => {
		if (!snapshot) return;
		let isGone = false;
		cluster.visibility(snapshot).then(
			visibility => {
				if (!isGone) dispatch({type: 'visibility', visibility});
			},
			error => {
				if (!isGone) dispatch({type: 'watch-failed', message: problemOf(error).message});
			},
		);
		const controller = new AbortController();
		knownNodes(cluster, controller.signal).then(
			facts => {
				if (!isGone && facts) dispatch({type: 'facts', facts});
			},
			// A proposal without them is as good as before.
			() => undefined,
		);
		return () => {
			isGone = true;
			controller.abort();
		};
	}, [snapshot, cluster, dispatch]);
}

/** Milliseconds of real time between two looks: what a person sees as live. */
const lookPause = 1500;
/** Looks that take long are made less often: of five parts of the time, four are left to everything else. */
const restForLook = 4;
/** Milliseconds a scrolling list must rest before its new nodes are looked at. */
const settle = 200;
/** Milliseconds after which answers are shown, even if some node has not answered yet. */
const patience = 150;

/** Looks at those nodes again and again, one look after the other; stops when there are none. */
export function useWatching({dispatch, context}: Effect, targets: readonly string[]): void {
	const {cluster} = context;
	const key = targets.join('\n');
	const isFirst = useRef(true);
	useEffect(() => {
		if (key === '') return;
		const controller = new AbortController();
		const delay = isFirst.current ? 0 : settle;
		isFirst.current = false;
		void watch(cluster, key.split('\n'), delay, dispatch, controller.signal);
		return () => controller.abort();
	}, [key, cluster, dispatch]);
}

async function watch(
	cluster: WizardContext['cluster'],
	nodes: readonly string[],
	delay: number,
	dispatch: Dispatch<Action>,
	signal: AbortSignal,
): Promise<void> {
	let batch: Observation[] = [];
	let timer: NodeJS.Timeout | undefined;
	const flush = (): void => {
		clearTimeout(timer);
		timer = undefined;
		if (batch.length > 0 && !signal.aborted) dispatch({type: 'observed', observations: batch});
		batch = [];
	};
	const add = (look: Observation): void => {
		batch.push(look);
		timer ??= setTimeout(flush, patience);
	};
	const round = createRounds(cluster, add, signal);
	await pause(delay, signal);
	while (!signal.aborted) {
		const began = performance.now();
		try {
			await round(nodes);
			flush();
		} catch (error) {
			if (!signal.aborted) dispatch({type: 'watch-failed', message: problemOf(error).message});
		}
		await pause(Math.max(lookPause, restForLook * (performance.now() - began)), signal);
	}
}

/** Real time, not the run's clock: it is for eyes, and a practice clock that jumps must not be driven by a screen. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	if (milliseconds === 0 || signal.aborted) return Promise.resolve();
	return new Promise(resolve => {
		const finish = (): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', finish);
			resolve();
		};
		const timer = setTimeout(finish, milliseconds);
		signal.addEventListener('abort', finish, {once: true});
	});
}

/** Starts the run when the user has confirmed, hands its events in, and passes interrupts on. */
export function useRun({state, dispatch, context}: Effect): void {
	const shown = runScreenOf(state.screen);
	const plan = shown?.plan;
	const interrupts = shown?.run.interrupts ?? 0;
	const run = useRef<{readonly run: Run; passed: number}>(undefined);
	useEffect(() => {
		if (!plan || run.current) return;
		const started = begin(plan, context, dispatch);
		if (!started) return;
		run.current = {run: started, passed: 0};
		void follow(started, context, dispatch);
	}, [plan, context, dispatch]);
	useEffect(() => {
		const {current} = run;
		while (current && current.passed < interrupts) {
			current.passed += 1;
			current.run.interrupt();
		}
	}, [interrupts]);
}

function begin(plan: Plan, context: WizardContext, dispatch: Dispatch<Action>): Run | undefined {
	const {cluster, clock, gateTimeout} = context;
	try {
		const journal = context.openJournal(plan);
		const run = startRun({plan, cluster, clock, journal, ...(gateTimeout === undefined ? {} : {gateTimeout})});
		return context.recordRun?.(plan, run) ?? run;
	} catch (error) {
		dispatch({type: 'run-broke', problem: problemOf(error), at: clock.now()});
		return undefined;
	}
}

async function follow(run: Run, {clock}: WizardContext, dispatch: Dispatch<Action>): Promise<void> {
	try {
		for await (const event of run.events) dispatch({type: 'run-event', event});
	} catch (error) {
		dispatch({type: 'run-broke', problem: problemOf(error), at: clock.now()});
	}
}

/** Tries the writes of the plan that is shown, in the background; each verdict is shown as soon as it is there. */
export function useTrying({state, dispatch, context}: Effect): void {
	const {screen} = state;
	const preview = screen.name === 'confirm' ? screen.preview : screen;
	const plan = preview.name === 'preview' ? preview.plan : undefined;
	const {cluster} = context;
	useEffect(() => {
		if (!plan || !cluster.dryRun) return;
		const controller = new AbortController();
		const {signal} = controller;
		const tell = (verdicts: Verdicts, isEnd: boolean): void => {
			if (!signal.aborted) dispatch({type: 'tried', plan, verdicts, isEnd});
		};
		const follow = async (): Promise<void> => {
			tell(new Map(), false);
			for await (const {write, verdict} of tryWrites(plan, cluster, signal)) tell(new Map([[write, verdict]]), false);
			tell(new Map(), true);
		};
		follow().catch(() => undefined);
		return () => controller.abort();
	}, [plan, cluster, dispatch]);
}

/** Asks the doctor about the choice at hand, in the background. */
export function useExamining({state, dispatch, context}: Effect): void {
	const {cluster, clock, env, allowVersionMismatch = false} = context;
	const choice = preflightQuestion(state);
	const snapshot = state.data?.snapshot;
	useEffect(() => {
		if (!choice || !snapshot) return;
		const controller = new AbortController();
		const {signal} = controller;
		const tell = (answer: PreflightAnswer): void => {
			if (!signal.aborted) dispatch({type: 'preflight', preflight: {choice, snapshot, answer}});
		};
		tell({state: 'asking', since: clock.now()});
		examineCluster(cluster, {choiceFor: () => choice, allowVersionMismatch, signal, env}).then(
			findings => tell({state: 'known', findings}),
			error => tell({state: 'failed', problem: problemOf(error)}),
		);
		return () => controller.abort();
	}, [choice, snapshot, cluster, clock, env, allowVersionMismatch, dispatch]);
}

/** Saves the plan as files when the user asked for it. */
export function useSaving({state, dispatch, context}: Effect): void {
	const {screen} = state;
	const plan = screen.name === 'preview' && screen.saved === 'saving' ? screen.plan : undefined;
	useEffect(() => {
		if (!plan) return;
		context.savePlan(plan).then(
			folder => dispatch({type: 'saved', folder}),
			error => dispatch({type: 'save-failed', problem: problemOf(error)}),
		);
	}, [plan, context, dispatch]);
}

/**
 * Milliseconds a run may take to go back after a signal before it is stopped, and then to stop. Whoever sent SIGTERM
 * will not wait for ever; a way back takes some seconds a reflector, and each of its gates up to a minute at worst.
 */
const longestWayBack = 120_000;
const longestStop = 5000;

/** SIGINT, SIGTERM and SIGHUP: the wizard leaves, or, while a run is under way, as soon as that has gone back. */
export function useSignal({state, dispatch, context}: Effect): void {
	const {signal} = context;
	useEffect(() => {
		const onAbort = (): void => dispatch({type: 'signal', exitCode: Number(signal.reason) || 130});
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort);
		return () => signal.removeEventListener('abort', onAbort);
	}, [signal, dispatch]);
	const isLeaving = state.leaving !== null;
	useEffect(() => {
		if (!isLeaving) return;
		const overdue = (): void => dispatch({type: 'run-overdue'});
		const timers = [setTimeout(overdue, longestWayBack), setTimeout(overdue, longestWayBack + longestStop)];
		return () => timers.forEach(clearTimeout);
	}, [isLeaving, dispatch]);
}

/** The run's clock, read again each second while the screen shows a wait. */
export function useNow({state, context}: Effect): number {
	const {clock} = context;
	const [now, setNow] = useState(() => clock.now());
	const waits = state.reading !== null || state.preflight?.answer.state === 'asking' || isRunning(state);
	useEffect(() => {
		if (!waits) return;
		setNow(clock.now());
		const timer = setInterval(() => setNow(clock.now()), 1000);
		return () => clearInterval(timer);
	}, [waits, clock]);
	return now;
}
