import type {ClusterIdentity} from '../cluster/port.ts';
import {isIpv4} from '../core/peering/addresses.ts';
import type {Choice} from '../core/plan/types.ts';
import type {Answers} from './answers.ts';

/** A step of the wizard. */
export type StepName = 'nodes' | 'reflectors' | 'preview' | 'apply' | 'done';

/** A thing the user is asked. What an answer must be is said by `check`: a sentence, or undefined where it is right. */
export type Question = {
	readonly text: string;
	/** One sentence of help below the question. */
	readonly hint: string;
	/** The flag that answers it, so that it is not asked. */
	readonly flag: string;
	/** Whether a flag has answered it. */
	readonly isPreset: (preset: Partial<Choice>) => boolean;
	/** Whether it is asked at all, given the other answers. */
	readonly when: (answers: Answers) => boolean;
} & (
	| {
			readonly kind: 'nodes';
			readonly id: 'reflectors';
			readonly check: (value: readonly string[]) => string | undefined;
			readonly answer: (answers: Answers, value: readonly string[]) => Answers;
	  }
	| {
			readonly kind: 'options';
			readonly id: 'cluster-id-mode';
			readonly options: readonly {
				readonly value: Answers['clusterIdMode'];
				readonly label: string;
				readonly hint: string;
			}[];
			readonly answer: (answers: Answers, value: Answers['clusterIdMode']) => Answers;
	  }
	| {
			readonly kind: 'text';
			readonly id: 'cluster-id';
			readonly check: (value: string) => string | undefined;
			readonly answer: (answers: Answers, value: string) => Answers;
	  }
);

/** One step: what it is called, what it shows or asks. The screens and the plain prompts both walk this table. */
export type WizardStep = {
	readonly name: StepName;
	readonly title: string;
	/** One sentence: what this step is for. */
	readonly about: string;
	readonly questions: readonly Question[];
};

const always = (): boolean => true;

/** A question of one kind, for code that deals with that one. */
type QuestionOf<Kind extends Question['kind']> = Extract<Question, {readonly kind: Kind}>;

export const reflectorsQuestion: QuestionOf<'nodes'> = {
	kind: 'nodes',
	id: 'reflectors',
	text: 'Which nodes become route reflectors?',
	hint: 'Three are usual: one can be down for maintenance and another can fail.',
	flag: '--reflectors',
	isPreset: preset => preset.reflectors !== undefined,
	when: always,
	check: value => (value.length === 0 ? 'Choose at least one node.' : undefined),
	// What becomes a reflector cannot be the canary any more.
	answer: ({canary, ...answers}, value) => ({
		...answers,
		reflectors: value,
		...(canary !== undefined && !value.includes(canary) && {canary}),
	}),
};

export const clusterIdModeQuestion: QuestionOf<'options'> = {
	kind: 'options',
	id: 'cluster-id-mode',
	text: 'Which cluster ID do the reflectors get?',
	hint: 'Reflectors drop routes that carry their own cluster ID (RFC 4456).',
	flag: '--cluster-id',
	isPreset: preset => preset.clusterId !== undefined,
	when: always,
	options: [
		{value: 'shared', label: 'one for all', hint: 'fewest paths; right where every node peers with every reflector'},
		{value: 'per-node', label: 'one for each', hint: 'more paths; a node may lose some of its reflectors'},
	],
	answer: (answers, value) => ({...answers, clusterIdMode: value}),
};

export const clusterIdQuestion: QuestionOf<'text'> = {
	kind: 'text',
	id: 'cluster-id',
	text: 'What is the cluster ID?',
	hint: 'Written like an IPv4 address, and best one that nothing uses.',
	flag: '--cluster-id',
	isPreset: preset => preset.clusterId !== undefined,
	when: answers => answers.clusterIdMode === 'shared',
	check: value => (isIpv4(value.trim()) ? undefined : `"${value.trim()}" is not an IPv4 address such as 224.0.0.1.`),
	answer: (answers, value) => ({...answers, clusterId: value.trim()}),
};

const questions: readonly Question[] = [reflectorsQuestion, clusterIdModeQuestion, clusterIdQuestion];

/** The wizard's steps in their order. */
export const wizardSteps: readonly WizardStep[] = [
	{name: 'nodes', title: 'Nodes', about: 'The nodes of the cluster and their BGP sessions now.', questions: []},
	{name: 'reflectors', title: 'Reflectors', about: 'The nodes that will reflect routes for all others.', questions},
	{name: 'preview', title: 'Preview', about: 'Every write before it is made. Nothing is written yet.', questions: []},
	{name: 'apply', title: 'Apply', about: 'The writes, one after the other, each with its gate.', questions: []},
	{name: 'done', title: 'Done', about: 'What was changed, and how to go back.', questions: []},
];

/** The questions of a step that neither a flag nor another answer makes needless. */
export function openQuestions(step: WizardStep, preset: Partial<Choice>, answers: Answers): readonly Question[] {
	return step.questions.filter(question => !question.isPreset(preset) && question.when(answers));
}

/** Whether a step is left out because flags answered all its questions. */
export function isSkipped(name: StepName, preset: Partial<Choice>): boolean {
	const step = wizardSteps.find(each => each.name === name);
	return step !== undefined && step.questions.length > 0 && step.questions.every(question => question.isPreset(preset));
}

/** What must be typed before anything is written: on a cluster that earns money, its own name. */
export function confirmationWord(identity: ClusterIdentity): string {
	if (identity.practice) return 'apply';
	// Of `context lab at https://10.0.0.1:6443` the context is enough to type.
	const [, context] = /^context (.+?)(?: at \S+)?$/.exec(identity.name.trim()) ?? [];
	return context ?? identity.name.trim();
}
