module.exports = {
  ...require('./.config/.prettierrc.js'),
  semi: false,
  printWidth: 100,
  arrowParens: 'avoid',
}
