const path = require('node:path');
const { before } = require('@nestjs/swagger/plugin');
const ts = require('typescript');

const LATE = path.resolve(__dirname, '../src/http/late-swagger');

/** Nest's own plugin; then `@nestjs/swagger`, also where that plugin asks for it, becomes `late-swagger.ts`. */
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
