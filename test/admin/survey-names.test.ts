import { expect, test } from 'vitest';
import { surveyNames } from '../../src/admin/feedback/survey-names.ts';

test('surveys of one name are told apart by their connections, and no other name is made longer', () => {
  const survey = (surveyId: string, surveyName: string, name: string) => ({
    surveyId,
    surveyName,
    connection: { id: name, name, connector: 'x' },
  });
  const surveys = [survey('1', 'After support', 'Japan'), survey('1', 'After support', 'Thailand'), survey('2', 'Yearly', 'Japan')];
  expect(surveys.map(surveyNames(surveys))).toEqual(['After support · Japan', 'After support · Thailand', 'Yearly']);
});
