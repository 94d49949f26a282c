// Prints the page, for the one button of a packing slip or an invoice.
document.addEventListener('click', event => {
  if (event.target.closest?.('[data-print]')) print();
});
