import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {WizardState} from '../wizard/state.ts';
import type {Body} from './body.ts';
import {glyphs} from './glyphs.ts';
import {headerLine} from './header.ts';
import {footerLine} from './key-hints.ts';
import {Lines} from './lines.tsx';
import {statusLine} from './status-line.ts';
import {type Line, line} from './text.ts';
import type {Size} from './use-terminal-size.ts';
import {hasRule, smallest} from './view.ts';

type Props = {
	readonly state: WizardState;
	readonly body: Body;
	readonly size: Size;
	/** On the run's clock. */
	readonly now: number;
	readonly ascii: boolean;
};

/** A whole screen: header, body, what needs saying, key hints. One row lower than the terminal, or Ink 6 clears all. */
export function Frame({state, body, size, now, ascii}: Props): ReactNode {
	const {columns} = size;
	const lines = [
		headerLine(state, columns),
		...(hasRule(size) ? [line(glyphs.rule.repeat(columns), 'dim')] : []),
		...body.lines,
		statusLine(state, now),
		footerLine(state, columns),
	];
	return <FullScreen lines={lines} size={size} ascii={ascii} />;
}

/** Lines as a whole screen, or that the terminal is too small for them. */
export function FullScreen({
	lines,
	size: {columns, rows},
	ascii,
}: {
	readonly lines: readonly Line[];
	readonly size: Size;
	readonly ascii: boolean;
}): ReactNode {
	if (columns < smallest.columns || rows < smallest.rows) {
		const text = `needs ${smallest.columns}x${smallest.rows}, is ${columns}x${rows}`;
		return <Lines lines={[line(text, 'warn')]} width={columns} ascii={ascii} />;
	}
	return (
		<Box height={rows - 1} flexDirection="column">
			<Lines lines={lines} width={columns} ascii={ascii} />
		</Box>
	);
}
