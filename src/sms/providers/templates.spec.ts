import { templateFor } from './templates';

const templates = { '*': 'any', en: 'english', 'zh-Hant': 'traditional', 'PT-br': 'brazilian' };

it.each([
  ['en', 'english'],
  ['en-GB', 'english'],
  ['EN-us', 'english'],
  ['pt-BR', 'brazilian'],
  ['pt', 'any'],
  ['zh-Hant-HK', 'traditional'],
  ['zh-CN', 'any'],
  ['constructor', 'any'],
])('the template for %s is the closest one: %s', (locale, template) => {
  expect(templateFor(locale, templates)).toBe(template);
});
