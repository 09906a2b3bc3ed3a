import {Box, render, useApp} from 'ink';
import {type ReactNode, useEffect, useReducer} from 'react';
import {clamp, windowOf} from '../wizard/list.ts';
import type {ChosenCluster, Offer} from '../wizard/offers.ts';
import {guardedStream} from './alternate-screen.ts';
import {fill} from './body.ts';
import {glyphs, knowsUnicode} from './glyphs.ts';
import {Lines} from './lines.tsx';
import {type Column, headingLine, placeColumns, rowLine} from './table.ts';
import {blank, type Line, line, paragraph, span} from './text.ts';
import {useKeys} from './use-keys.ts';
import {useTerminalSize} from './use-terminal-size.ts';

/** How the screen was left: with a cluster, or with an exit code. */
export type Choice = {readonly cluster: ChosenCluster} | {readonly exitCode: number};

const columns: readonly Column<Offer>[] = [
	{title: 'CLUSTER', priority: 1, shrinkTo: 24, cell: ({name}) => span(name)},
	{title: 'SERVER', priority: 2, shrinkTo: 20, cell: ({server}) => span(server)},
	{title: '', priority: 3, shrinkTo: 10, cell: ({note}) => span(note, 'dim')},
];

type State = {readonly cursor: number; readonly choice: Choice | null};

function reduceKey(rows: readonly Offer[], state: State, key: string): State {
	const last = rows.length - 1;
	const moves: Readonly<Record<string, number>> = {
		up: state.cursor - 1,
		k: state.cursor - 1,
		down: state.cursor + 1,
		j: state.cursor + 1,
		home: 0,
		g: 0,
		end: last,
		G: last,
	};
	const to = moves[key];
	if (to !== undefined) return {...state, cursor: clamp(to, 0, last)};
	const row = rows[state.cursor];
	if (key === 'enter' && row) return {...state, choice: {cluster: row.cluster}};
	if (key === 'q') return {...state, choice: {exitCode: 0}};
	return key === 'ctrl+c' ? {...state, choice: {exitCode: 130}} : state;
}

/** Rows around the list: header, rule, question, blank, heading, blank, hints, and the last row. */
const around = 9;

type Props = {
	readonly offers: readonly Offer[];
	readonly ascii: boolean;
	readonly signal: AbortSignal;
	readonly onChoice: (choice: Choice) => void;
};

function ChooseCluster({offers: rows, ascii, signal, onChoice}: Props): ReactNode {
	const {columns: width, rows: height} = useTerminalSize();
	const {exit} = useApp();
	const start = {
		cursor: Math.max(
			0,
			rows.findIndex(({preferred}) => preferred),
		),
		choice: null,
	};
	const [{cursor, choice}, press] = useReducer((state: State, key: string) => reduceKey(rows, state, key), start);
	useKeys(({name}) => press(name));
	useEffect(() => {
		if (!choice) return;
		onChoice(choice);
		exit();
	}, [choice, onChoice, exit]);
	useEffect(() => {
		const leave = (): void => exit();
		signal.addEventListener('abort', leave);
		return () => signal.removeEventListener('abort', leave);
	}, [signal, exit]);
	const shown = windowOf(cursor, rows.length, Math.max(1, height - around));
	const placed = placeColumns(columns, rows, width);
	const body: readonly Line[] = [
		[span('calico-rr-wizard  ', 'dim'), span('no cluster chosen yet', 'strong')],
		line(glyphs.rule.repeat(width), 'dim'),
		...paragraph('Which cluster? No flag names one; these are the contexts that kubectl knows.', width, 'strong'),
		blank,
		headingLine(placed),
		...rows.slice(shown.start, shown.end).map((row, index) => rowLine(placed, row, shown.start + index === cursor)),
	];
	const hints: Line = [
		span('enter', 'key'),
		span(' choose  ', 'dim'),
		span('↑/↓', 'key'),
		span(' move  ', 'dim'),
		span('q', 'key'),
		span(' quit', 'dim'),
	];
	return (
		<Box height={height - 1} flexDirection="column">
			<Lines lines={[...fill(body, height - 2), hints]} width={width} ascii={ascii} />
		</Box>
	);
}

/** The wizard's first screen where nobody named a cluster. The alternate screen is shown already, and stays. */
export async function chooseCluster(
	offers: readonly Offer[],
	{signal, env}: {readonly signal: AbortSignal; readonly env: Readonly<Record<string, string | undefined>>},
): Promise<Choice> {
	let choice: Choice | undefined;
	const onChoice = (made: Choice): void => {
		choice = made;
	};
	const app = render(<ChooseCluster offers={offers} ascii={!knowsUnicode(env)} signal={signal} onChoice={onChoice} />, {
		stdout: guardedStream(process.stdout, () => false),
		exitOnCtrlC: false,
		incrementalRendering: false,
	});
	await app.waitUntilExit();
	return choice ?? {exitCode: 130};
}
