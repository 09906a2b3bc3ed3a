import type {ListState} from '../wizard/list.ts';
import {type Line, span} from './text.ts';

/** The filter of a list: being typed, standing, or nothing. */
export function filterLine({filter, filtering}: ListState): readonly Line[] {
	if (!filtering && filter === '') return [];
	return [
		[
			span('/', 'accent'),
			span(filter, 'strong'),
			span(filtering ? '_' : '  (esc clears)', filtering ? 'accent' : 'dim'),
		],
	];
}
