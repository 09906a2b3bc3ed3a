import {useApp} from 'ink';
import {type ReactNode, useEffect, useReducer, useRef, useState} from 'react';
import {labBindingsIn} from '../../lab/screen/bindings.ts';
import {askedBy, reduceLab} from '../../lab/screen/reducer.ts';
import {type LabEnd, type LabScreenState, labModeOf} from '../../lab/screen/state.ts';
import type {Lab} from '../../lab/types.ts';
import {type Area, type Body, still} from '../body.ts';
import {FullScreen} from '../frame.tsx';
import {glyphs, knowsUnicode} from '../glyphs.ts';
import {closeHint, hintsLine, keyLines} from '../key-hints.ts';
import {blank, type Line, line} from '../text.ts';
import {useKeys} from '../use-keys.ts';
import {useTerminalSize} from '../use-terminal-size.ts';
import {bodyArea, hasRule} from '../view.ts';
import {type LabRoom, useAsking, useOpening, useWatchingLab} from './effects.ts';
import {labHeader} from './header.ts';
import {labBody} from './lab.ts';
import {listBody, noLabs} from './list.ts';

type Props = {
	/** Where the screens were left for a shell, or the list. */
	readonly start: LabScreenState;
	readonly room: LabRoom;
	/** Aborted by signals, with the exit code as its reason. */
	readonly signal: AbortSignal;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Told how the screens were left, just before they go. */
	readonly onEnd: (end: LabEnd, state: LabScreenState) => void;
};

/** The labs on the screen, until the learner has left or wants the shell. */
export function LabApp({start, room, signal, env, onEnd}: Props): ReactNode {
	const [state, dispatch] = useReducer(reduceLab, start);
	const size = useTerminalSize();
	const {exit} = useApp();
	const lab: Lab | undefined = state.open?.lab;
	useOpening(lab, room, dispatch);
	useWatchingLab(state.open?.state ? lab : undefined, room, dispatch);
	const ask = useAsking(room, dispatch);
	useEffect(() => {
		const onAbort = (): void => dispatch({type: 'signal', exitCode: Number(signal.reason) || 130});
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort);
		return () => signal.removeEventListener('abort', onAbort);
	}, [signal]);
	const now = useSeconds(state.open?.busy !== null && state.open !== null);
	const body = bodyOf(state, bodyArea(size), now);
	const latest = useRef(state);
	latest.current = state;
	useKeys(({name}) => {
		const {page, scrollLimit} = body;
		const asked = askedBy(latest.current, name);
		dispatch({type: 'key', name, page, scrollLimit, now: Date.now()});
		if (asked) void ask(asked, name);
	});
	const {end} = state;
	useEffect(() => {
		if (end === null) return;
		onEnd(end, {...state, end: null});
		exit();
	}, [end, state, onEnd, exit]);
	const {columns} = size;
	const lines = [
		labHeader(state, columns),
		...(hasRule(size) ? [line(glyphs.rule.repeat(columns), 'dim')] : []),
		...body.lines,
		blank,
		footer(state, columns),
	];
	return <FullScreen lines={lines} size={size} ascii={!knowsUnicode(env)} />;
}

const about = 'Labs on a practice cluster. Nothing here reaches a real one.';

function bodyOf(state: LabScreenState, area: Area, now: number): Body {
	if (state.help)
		return still(keyLines(about, labBindingsIn(labModeOf({...state, help: false})), area.width, area.height), area);
	if (state.open) return labBody(state.open, area, now);
	return state.labs.length === 0 ? still(noLabs, area) : listBody(state, area);
}

function footer(state: LabScreenState, width: number): Line {
	if (state.help) return closeHint;
	const bindings = labBindingsIn(labModeOf(state));
	return hintsLine(
		bindings,
		bindings.find(({command}) => command === 'help'),
		width,
	);
}

/** Real time, read again each second while something is waited for. */
function useSeconds(waits: boolean): number {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		if (!waits) return;
		setNow(Date.now());
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, [waits]);
	return now;
}
