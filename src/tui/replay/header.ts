import {type Film, lengthOf} from '../../wizard/replay/film.ts';
import {type ReplayState, stepNumber} from '../../wizard/replay/state.ts';
import {clockTime, recordedText} from '../../wizard/replay/words.ts';
import {glyphs} from '../glyphs.ts';
import {cut, cutLine, type Line, lineWidth, span} from '../text.ts';

/** The first line: that this is a replay, of which cluster, and where in it one is. */
export function replayHeader(state: ReplayState, width: number): Line {
	const {film, isPlaying, speed, time} = state;
	const what = film.kind === 'run' ? 'step' : 'call';
	const position: Line = [
		...pace(isPlaying, width < narrow),
		span(`${speed}x  ${what} ${stepNumber(state)} of ${film.marks.length}  `),
		span(`${clockTime(time)}${width < narrow ? '/' : ' of '}${clockTime(lengthOf(film))}`, 'dim'),
	];
	const title: Line = [span(width >= 100 ? 'calico-rr-wizard  ' : '', 'dim'), span('REPLAY ', 'warn')];
	const room = width - lineWidth(title) - lineWidth(position) - 1;
	const left: Line = [...title, span(cut(clusterName(film), Math.max(0, room)), 'strong')];
	return cutLine(
		[...left, span(' '.repeat(Math.max(1, width - lineWidth(left) - lineWidth(position)))), ...position],
		width,
	);
}

/** Below this width the cluster's name needs the room. */
const narrow = 80;

function pace(isPlaying: boolean, isNarrow: boolean): Line {
	if (!isPlaying) return [span('paused ', 'warn')];
	return isNarrow ? [] : [span(`${glyphs.running} playing `, 'accent')];
}

/** The second line: what was recorded, and when. */
export function recordedLine({film}: ReplayState, width: number): Line {
	const torn = film.isTorn ? [span('cut off at its end; ', 'warn')] : [];
	return cutLine([...torn, span(recordedText(film), 'dim')], width);
}

function clusterName({cluster}: Film): string {
	if (!cluster) return 'tool calls';
	return cluster.practice ? 'practice cluster' : cluster.name;
}
