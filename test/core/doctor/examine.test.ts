import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checks, examine, examineUnread} from '../../../src/core/doctor/examine.ts';
import {createDoctorInput} from '../../../src/core/doctor/input.ts';
import {doctorLines, doctorReport, verdictLine, verdictOf} from '../../../src/core/doctor/report.ts';
import {unknownTraces} from '../../../src/core/doctor/traces.ts';
import type {Finding, FindingState} from '../../../src/core/doctor/types.ts';
import {unknownFacts} from '../../../src/core/facts.ts';
import {arbitraryChoice} from '../../support/arbitrary-cluster.ts';
import {allUp, healthy} from './healthy.ts';

const finding = (state: FindingState, next: readonly string[] = []): Finding => ({
	id: 'an-id',
	title: 'A question',
	state,
	reason: 'A reason.',
	next,
});

describe('the table of checks', () => {
	test('has an id in kebab-case and a title for each, and no id twice', () => {
		const ids = checks.map(check => check.id);
		expect(new Set(ids).size).toBe(ids.length);
		for (const {id, title} of checks) {
			expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
			expect(title).not.toBe('');
		}
	});

	test('of a healthy cluster only its size is worth a word', () => {
		const findings = examine(createDoctorInput(healthy({nodes: 12})));
		expect(findings.filter(each => each.state !== 'pass').map(each => each.id)).toEqual(['worth-it']);
		expect(examine(createDoctorInput(healthy({nodes: 120}))).every(each => each.state === 'pass')).toBe(true);
	});

	test('where nothing is known, nothing that needs knowing passes', () => {
		const question = healthy({
			observations: new Map(),
			choice: null,
			snapshot: {ipPools: []},
			traces: unknownTraces('nobody told'),
		});
		const findings = examine(createDoctorInput({...question, facts: unknownFacts('nobody told')}));
		expect(findings.filter(each => each.state === 'unknown').map(each => each.id)).toEqual([
			'reachable',
			'version-mismatch',
			'datastore-ready',
			'datastore-migration',
			'permissions',
			'exec-allowed',
			'bgp-backend',
			'bgp-enabled',
			'calico-version',
			'internal-addresses',
			'sessions-healthy',
			'tcp-179',
			'run-lock',
			'held-routes',
			'mesh-switched-off',
			'plan-possible',
			'chosen-ready',
			'pool-routes',
			'gitops-owner',
			'leftovers',
		]);
		expect(verdictOf(findings)).toBe('warn');
	});

	test('a cluster that cannot be read blocks, and nothing else is claimed', () => {
		const findings = examineUnread({id: 'reachable', reason: 'The connection was refused.', next: ['Start it.']});
		expect(findings.map(each => each.id)).toEqual(checks.map(check => check.id));
		expect(findings.filter(each => each.state !== 'unknown')).toEqual([
			expect.objectContaining({
				id: 'reachable',
				state: 'block',
				reason: 'The connection was refused.',
				next: ['Start it.'],
			}),
		]);
		expect(verdictOf(findings)).toBe('block');
	});

	test('every cluster can be examined, and every finding says something', () => {
		fc.assert(
			fc.property(arbitraryChoice, ({snapshot, ...choice}) => {
				const question = {...healthy(), snapshot, choice, observations: allUp(snapshot)};
				for (const {reason, next} of examine(createDoctorInput(question))) {
					for (const text of [reason, ...next]) expect(text).toMatch(/\S/);
					expect(reason).not.toMatch(/undefined|NaN|\[object/);
					expect(reason).toMatch(/[.?!]$/);
				}
			}),
		);
	});

	test('of 1,000 nodes those that a gate would ask are enough', () => {
		const question = healthy({nodes: 1000, observations: new Map()});
		const asked = ['n1', 'n2', 'n3', 'n4', 'n203', 'n402', 'n602', 'n801'];
		const observations = allUp(question.snapshot, asked);
		const input = createDoctorInput({...question, observations});
		const findings = examine(input);
		expect(findings.find(each => each.id === 'sessions-healthy')).toMatchObject({
			state: 'pass',
			reason: '7992 of 7992 session ends are Established, on 8 nodes.',
		});
	});
});

describe('the presenters', () => {
	test('symbol, word, title and id, then reason and next steps', () => {
		expect(doctorLines([finding('block', ['Do this.', 'And this.']), finding('pass')])).toEqual([
			'✖ block   A question (an-id)',
			'          A reason.',
			'          > Do this.',
			'          > And this.',
			'✔ pass    A question (an-id)',
			'          A reason.',
		]);
		expect(doctorLines([finding('warn')])[0]).toMatch(/^! warn /);
		expect(doctorLines([finding('unknown')])[0]).toMatch(/^\? unknown /);
	});

	test('the verdict is the worst finding, and unknown is no pass', () => {
		expect(verdictOf([finding('pass')])).toBe('pass');
		expect(verdictOf([finding('pass'), finding('unknown')])).toBe('warn');
		expect(verdictOf([finding('warn'), finding('block'), finding('unknown')])).toBe('block');
		expect(verdictLine([finding('block'), finding('pass'), finding('pass')])).toBe(
			'3 checks: 1 block, 2 pass. A migration cannot start before this is mended.',
		);
	});

	test('the JSON has its documented shape', () => {
		expect(JSON.parse(JSON.stringify(doctorReport([finding('warn', ['Do this.'])])))).toEqual({
			schemaVersion: 1,
			findings: [{id: 'an-id', title: 'A question', state: 'warn', reason: 'A reason.', next: ['Do this.']}],
			verdict: 'warn',
		});
	});
});
