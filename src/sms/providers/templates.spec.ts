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

it.each([
  ['zh-CN', 'mobile_change', 'change in simplified'],
  ['zh-TW', 'mobile_change', 'change'],
  ['zh-CN', 'deletion', 'simplified'],
  ['en', undefined, 'any'],
] as const)('the template for %s and the purpose %s is %s', (locale, purpose, template) => {
  const own = { 'zh-CN-x-change': 'change in simplified', 'x-change': 'change' };
  const all = { '*': 'any', 'zh-CN': 'simplified', ...own };

  expect(templateFor(locale, all, purpose)).toBe(template);
});
