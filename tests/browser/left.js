/* True once the last tap has done what it does: stayed on the page, or brought another one whole. */
return window.tapped === 'stays' || (window.tapped === undefined && document.readyState === 'complete');
