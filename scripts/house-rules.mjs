// Two rules of this house that no published rule covers, as an oxlint plugin (the ESLint rule interface).

/** Settings are read, checked and frozen in one place, to which main.ts hands them; all else would be unchecked. */
const environment = {
  create(context) {
    return {
      MemberExpression(node) {
        if (isName(node.object, 'process') && isMember(node, 'env')) {
          context.report({ node, message: 'Only src/config reads process.env; take a typed setting instead.' });
        }
      },
    };
  },
};

/** A moment is asked of the injected Clock once a request, so that tests decide what time it is. */
const clock = {
  create(context) {
    const message = 'Take the moment from the injected Clock.';
    return {
      NewExpression(node) {
        if (isName(node.callee, 'Date') && node.arguments.length === 0) context.report({ node, message });
      },
      MemberExpression(node) {
        if (isName(node.object, 'Date') && isMember(node, 'now')) context.report({ node, message });
      },
    };
  },
};

function isName(node, name) {
  return node.type === 'Identifier' && node.name === name;
}

function isMember(node, name) {
  return node.computed ? node.property.value === name : node.property.name === name;
}

export default { meta: { name: 'house' }, rules: { environment, clock } };
