const path = require('node:path');
const { before } = require('@nestjs/swagger/plugin');
const ts = require('typescript');

const LATE = path.resolve(__dirname, '../src/http/late-swagger');

/**
 * Nest's own plugin; then `@nestjs/swagger`, also where that plugin asks for it, becomes `late-swagger.ts`. Not so in
 * `export … from` and `import()`: these load it when they are reached, the former at the start.
 *
 * `nest-cli.json` names this file as `../scripts/…`, since Nest looks for plugins from `node_modules` in the working
 * directory.
 */
exports.before = (options, program) => (context) => {
  const describe = before(options, program)(context);
  return (file) => {
    const here = path.dirname(file.fileName);
    const late = context.factory.createStringLiteral(`./${path.relative(here, LATE)}`);
    return ts.visitEachChild(describe(file), (node) => importing(late, node, context), context);
  };
};

function importing(late, node, { factory }) {
  if (ts.isImportDeclaration(node) && isSwagger(node.moduleSpecifier)) {
    const { modifiers, importClause, attributes } = node;
    return factory.updateImportDeclaration(node, modifiers, importClause, late, attributes);
  }
  if (ts.isImportEqualsDeclaration(node) && isSwagger(node.moduleReference.expression)) {
    const { modifiers, isTypeOnly, name } = node;
    const reference = factory.createExternalModuleReference(late);
    return factory.updateImportEqualsDeclaration(node, modifiers, isTypeOnly, name, reference);
  }
  return node;
}

const isSwagger = (specifier) => specifier?.text === '@nestjs/swagger';
