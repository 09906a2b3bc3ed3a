import {sanitize} from '../cluster/sanitize.ts';
import type {ChosenCluster, Offer} from '../wizard/offers.ts';
import type {Prompts} from './questions.ts';

/** Asks which cluster, where nobody named one. Throws Cancelled. */
export async function chooseCluster(prompts: Prompts, offers: readonly Offer[]): Promise<ChosenCluster> {
	const preferred = offers.findIndex(offer => offer.preferred);
	const picked = await prompts.one({
		text: 'Which cluster? No flag names one; these are the contexts that kubectl knows.',
		options: offers.map(({name, server, note}, index) => ({
			value: String(index),
			label: sanitize([name, server, note].filter(Boolean).join(', ')),
		})),
		...(preferred >= 0 && {chosen: String(preferred)}),
	});
	return offers[Number(picked)]?.cluster ?? 'practice';
}
