/**
 * Lowered syntax as short text, so that tests compare lines instead of trees. Every operator that binds is shown by
 * brackets; types stand between `<` and `>`.
 */
import type { Expression, Initializer, Statement, TypeName } from '../../server/src/syntax/ast.ts';

export function describeType(type: TypeName): string {
  switch (type.kind) {
    case 'named':
      return type.name;
    case 'tagged':
      return `${type.tag} ${type.name}${type.body ? ' {}' : ''}`;
    case 'pointer':
      return `${describeType(type.to)}*`;
    case 'array':
      return `${describeType(type.of)}[${type.length ? describeExpression(type.length) : ''}]`;
    case 'function':
      return `${describeType(type.returns)}(${type.parameters.map((parameter) => describeType(parameter.type)).join(', ')}${type.variadic ? ', ...' : ''})`;
    case 'typeof':
      return `typeof(${describeExpression(type.of)})`;
    case 'unknown':
      return `unknown ${type.text}`;
  }
}

export function describeExpression(expression: Expression): string {
  const show = describeExpression;
  switch (expression.kind) {
    case 'number':
      return `${expression.value}${expression.suffix}`;
    case 'character':
      return `character ${expression.value}`;
    case 'string':
      return JSON.stringify(expression.value) + (expression.partial ? '+' : '');
    case 'name':
      return expression.name;
    case 'unary':
      return `${expression.operator}[${show(expression.operand)}]`;
    case 'dereference':
      return `*[${show(expression.operand)}]`;
    case 'addressOf':
      return `&[${show(expression.operand)}]`;
    case 'update':
      return expression.prefix
        ? `${expression.operator}[${show(expression.operand)}]`
        : `[${show(expression.operand)}]${expression.operator}`;
    case 'binary':
      return `[${show(expression.left)} ${expression.operator} ${show(expression.right)}]`;
    case 'conditional':
      return `[${show(expression.test)} ? ${expression.then ? show(expression.then) : ''} : ${show(expression.otherwise)}]`;
    case 'assignment':
      return `${show(expression.target)} ${expression.operator} ${show(expression.value)}`;
    case 'call':
      return `${show(expression.callee)}(${expression.arguments.map(show).join(', ')})`;
    case 'member':
      return `${show(expression.object)}${expression.arrow ? '->' : '.'}${expression.field}`;
    case 'index':
      return `${show(expression.object)}[${show(expression.index)}]`;
    case 'cast':
      return `<${describeType(expression.type)}>${show(expression.operand)}`;
    case 'sizeofType':
      return `sizeof <${describeType(expression.type)}>`;
    case 'sizeofExpression':
      return `sizeof ${show(expression.operand)}`;
    case 'compoundLiteral':
      return `<${describeType(expression.type)}>${describeInitializer(expression.initializer)}`;
    case 'comma':
      return `${show(expression.left)}, ${show(expression.right)}`;
    case 'statementExpression':
      return `({ ${expression.body.statements.map(describeStatement).join(' ')} })`;
    case 'typeArgument':
      return `<${describeType(expression.type)}>`;
    case 'unknown':
      return `unknown ${expression.text}`;
  }
}

export function describeInitializer(initializer: Initializer): string {
  if (initializer.kind === 'expression') return describeExpression(initializer.expression);
  const entries = initializer.entries.map((entry) => {
    const designators = entry.designators.map((designator) => {
      if (designator.kind === 'field') return `.${designator.name}`;
      return `[${describeExpression(designator.index)}${designator.last ? ` ... ${describeExpression(designator.last)}` : ''}]`;
    });
    return `${designators.join('')}${designators.length > 0 ? ' = ' : ''}${describeInitializer(entry.value)}`;
  });
  return `{ ${entries.join(', ')} }`;
}

export function describeStatement(statement: Statement): string {
  const show = describeStatement;
  const value = describeExpression;
  switch (statement.kind) {
    case 'block':
      return `{ ${statement.statements.map(show).join(' ')} }`;
    case 'expression':
      return `${value(statement.expression)};`;
    case 'declaration':
      return `${statement.declarators
        .map(({ name, type, initializer, cleanup }) => {
          const start = initializer ? ` = ${describeInitializer(initializer)}` : '';
          return `${statement.isStatic ? 'static ' : ''}${name}: ${describeType(type)}${start}${cleanup ? ` then ${cleanup}` : ''}`;
        })
        .join(', ')};`;
    case 'if':
      return `if ${value(statement.test)} ${show(statement.then)}${statement.otherwise ? ` else ${show(statement.otherwise)}` : ''}`;
    case 'while':
      return `while ${value(statement.test)} ${show(statement.body)}`;
    case 'doWhile':
      return `do ${show(statement.body)} while ${value(statement.test)};`;
    case 'for': {
      const init = statement.init ? show(statement.init).replace(/;$/, '') : '';
      return `for (${init}; ${statement.test ? value(statement.test) : ''}; ${statement.step ? value(statement.step) : ''}) ${show(statement.body)}`;
    }
    case 'iterator':
      return `each ${statement.macro}(${statement.arguments.map(value).join(', ')}) ${show(statement.body)}`;
    case 'guard':
      return `guard ${statement.class}(${statement.arguments.map(value).join(', ')})${statement.body ? ` ${show(statement.body)}` : ';'}`;
    case 'switch':
      return `switch ${value(statement.value)} ${show(statement.body)}`;
    case 'case':
      return `case ${value(statement.value)}${statement.last ? ` ... ${value(statement.last)}` : ''}:`;
    case 'default':
      return 'default:';
    case 'label':
      return `${statement.name}:`;
    case 'goto':
      return `goto ${statement.label};`;
    case 'break':
      return 'break;';
    case 'continue':
      return 'continue;';
    case 'return':
      return statement.value ? `return ${value(statement.value)};` : 'return;';
    case 'empty':
      return ';';
    case 'unknown':
      return `unknown ${statement.text};`;
  }
}
