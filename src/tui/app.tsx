import {useApp} from 'ink';
import {type ReactNode, useEffect, useMemo, useReducer} from 'react';
import type {WizardContext} from '../wizard/context.ts';
import {reduce} from '../wizard/reducer.ts';
import type {EndedScreen, WizardState} from '../wizard/state.ts';
import {initialState} from '../wizard/state.ts';
import {commandLine} from './command-line.ts';
import {useExamining, useNow, useReading, useRun, useSaving, useSignal, useTrying, useWatching} from './effects.ts';
import {Frame} from './frame.tsx';
import {knowsUnicode} from './glyphs.ts';
import {watchTargets} from './targets.ts';
import {useKeys} from './use-keys.ts';
import {useTerminalSize} from './use-terminal-size.ts';
import {bodyArea, bodyOf} from './view.ts';

/** How the wizard ended, and what it saw of the nodes. */
export type Ended = {readonly screen: EndedScreen; readonly looks: WizardState['looks']};

type Props = {
	readonly context: WizardContext;
	/** Told how the wizard ended, just before it leaves the screen. */
	readonly onEnd: (end: Ended) => void;
};

/** The wizard on the screen, until the user has left. */
export function App({context, onEnd}: Props): ReactNode {
	const {cluster, clock, preset, env} = context;
	const [state, dispatch] = useReducer(reduce, undefined, () => initialState(cluster.identity, preset, clock.now()));
	const size = useTerminalSize();
	const {exit} = useApp();
	const area = bodyArea(size);
	const effect = {state, dispatch, context};
	useReading(effect);
	useWatching(effect, watchTargets(state, area));
	useRun(effect);
	useSaving(effect);
	useTrying(effect);
	useExamining(effect);
	useSignal(effect);
	const now = useNow(effect);
	const tools = useMemo(
		() => ({
			now,
			commandLine: (write: Parameters<typeof cluster.commandFor>[0]) => commandLine(cluster.commandFor(write)),
		}),
		[now, cluster],
	);
	const body = bodyOf(state, area, tools);
	useKeys(({name, text}) => {
		const {page, scrollLimit} = body;
		dispatch({type: 'key', name, text, page, scrollLimit, now: clock.now()});
	});
	const {screen, looks} = state;
	useEffect(() => {
		if (screen.name !== 'ended') return;
		onEnd({screen, looks});
		exit();
	}, [screen, looks, onEnd, exit]);
	return <Frame state={state} body={body} size={size} now={now} ascii={!knowsUnicode(env)} />;
}
