import {useApp} from 'ink';
import {type Dispatch, type ReactNode, useEffect, useReducer} from 'react';
import {replayBindingsIn, replayModeOf} from '../../wizard/replay/bindings.ts';
import type {Film} from '../../wizard/replay/film.ts';
import {type ReplayAction, reduceReplay} from '../../wizard/replay/reducer.ts';
import {type ReplayState, startReplay} from '../../wizard/replay/state.ts';
import {type Area, type Body, still} from '../body.ts';
import {FullScreen} from '../frame.tsx';
import {glyphs, knowsUnicode} from '../glyphs.ts';
import {closeHint, hintsLine, keyLines} from '../key-hints.ts';
import {type Line, line} from '../text.ts';
import {useKeys} from '../use-keys.ts';
import {useTerminalSize} from '../use-terminal-size.ts';
import {bodyArea, bodyOf, hasRule} from '../view.ts';
import {callBody} from './calls.ts';
import {recordedLine, replayHeader} from './header.ts';

/** Milliseconds of real time between two moments of a replay. */
const tick = 100;

type Props = {
	readonly film: Film;
	readonly speed: number | 'jump';
	readonly signal: AbortSignal;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Told the exit code, just before the replay leaves the screen. */
	readonly onEnd: (exitCode: number) => void;
};

/** A recording on the screen, until the user has left. */
export function ReplayApp({film, speed, signal, env, onEnd}: Props): ReactNode {
	const [state, dispatch] = useReducer(reduceReplay, undefined, () => startReplay(film, speed));
	const size = useTerminalSize();
	const {exit} = useApp();
	useTime(state.isPlaying, dispatch);
	useEffect(() => {
		const onAbort = (): void => dispatch({type: 'signal', exitCode: Number(signal.reason) || 130});
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort);
		return () => signal.removeEventListener('abort', onAbort);
	}, [signal]);
	const body = replayBody(state, bodyArea(size));
	useKeys(({name, text}) => {
		const {page, scrollLimit} = body;
		dispatch({type: 'key', name, text, page, scrollLimit, now: state.time});
	});
	const {left} = state;
	useEffect(() => {
		if (left === null) return;
		onEnd(left);
		exit();
	}, [left, onEnd, exit]);
	const {columns} = size;
	const lines = [
		replayHeader(state, columns),
		recordedLine(state, columns),
		...(hasRule(size) ? [line(glyphs.rule.repeat(columns), 'dim')] : []),
		...body.lines,
		footer(state, columns),
	];
	return <FullScreen lines={lines} size={size} ascii={!knowsUnicode(env)} />;
}

/** Real time, handed in piece by piece while it plays. */
function useTime(isPlaying: boolean, dispatch: Dispatch<ReplayAction>): void {
	useEffect(() => {
		if (!isPlaying) return;
		let last = performance.now();
		const timer = setInterval(() => {
			const now = performance.now();
			dispatch({type: 'tick', elapsed: now - last});
			last = now;
		}, tick);
		return () => clearInterval(timer);
	}, [isPlaying, dispatch]);
}

const about = 'A recording, shown again. Nothing here reaches a cluster.';

function replayBody(state: ReplayState, area: Area): Body {
	if (state.help) return still(keyLines(about, replayBindingsIn(replayModeOf(state)), area.width, area.height), area);
	if (state.kind === 'calls') return callBody(state.film.items[state.count - 1], state.scroll, area);
	const began = state.film.items[0]?.at ?? 0;
	// No screen of a run shows the command of a write.
	return bodyOf(state.wizard, area, {now: began + state.time, commandLine: () => ''});
}

function footer(state: ReplayState, width: number): Line {
	if (state.help) return closeHint;
	const bindings = replayBindingsIn(replayModeOf(state));
	const help = bindings.find(({does}) => 'command' in does && does.command === 'help');
	return hintsLine(bindings, help, width);
}
