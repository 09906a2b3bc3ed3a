import {sanitize} from '../cluster/sanitize.ts';
import type {KnownNodes} from '../core/candidate-facts.ts';
import {rankCandidates} from '../core/candidates.ts';
import type {Choice} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {Answers} from '../wizard/answers.ts';
import {openQuestions, type Question, wizardSteps} from '../wizard/steps.ts';
import type {Prompts} from './questions.ts';

/** Asks the wizard's questions one after the other; those that a flag has answered are left out. */
export async function askAll(
	prompts: Prompts,
	snapshot: Snapshot,
	preset: Partial<Choice>,
	start: Answers,
	facts?: KnownNodes,
): Promise<Answers> {
	let answers = start;
	for (const step of wizardSteps) {
		const asked = new Set<string>();
		for (;;) {
			// Asked anew after each answer: one answer can make the next question needless.
			const question = openQuestions(step, preset, answers).find(({id}) => !asked.has(id));
			if (!question) break;
			asked.add(question.id);
			answers = await askOne({prompts, snapshot, facts}, question, answers);
		}
	}
	return answers;
}

type Asking = {readonly prompts: Prompts; readonly snapshot: Snapshot; readonly facts: KnownNodes | undefined};

async function askOne({prompts, snapshot, facts}: Asking, question: Question, answers: Answers): Promise<Answers> {
	const text = `${question.text} ${question.hint}`;
	switch (question.kind) {
		case 'nodes': {
			const options = rankCandidates(snapshot, facts)
				.filter(candidate => candidate.eligible)
				.map(({name, reasons}) => ({
					value: name,
					label: sanitize([name, ...reasons.map(reason => reason.text)].join(', ')),
				}));
			const values = await prompts.many({text, options, chosen: answers.reflectors ?? [], check: question.check});
			return question.answer(answers, values);
		}
		case 'options':
			return question.answer(
				answers,
				await prompts.one({text, options: question.options, chosen: answers.clusterIdMode}),
			);
		case 'text':
			return question.answer(answers, await prompts.line({text, start: answers.clusterId, check: question.check}));
	}
}
