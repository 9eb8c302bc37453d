const id=3740;const ids=[3740];const modules={83740:((__unused_webpack___webpack_module__,__webpack_exports__,__webpack_require__)=>{__webpack_require__.d(__webpack_exports__,{completionScript:()=>completionScript});var _log_js__WEBPACK_IMPORTED_MODULE_0__=__webpack_require__(49179);var _errors_js__WEBPACK_IMPORTED_MODULE_1__=__webpack_require__(16986);const SHELLS=["bash","zsh","fish"];const VALUES={"--log-level":_log_js__WEBPACK_IMPORTED_MODULE_0__.p_,"--log-format":["json","text"],"--fuse-transport":["wire","fuse-native"],"--tier":["auto","A","B","off"],"--platform":["linux/amd64","linux/arm64","linux/arm/v7"]};function completionScript(shell,program){const commands=program.commands.map(command=>wordsOf(command));if(shell==="bash")return bashScript(commands);if(shell==="zsh")return`#compdef lazypull
autoload -U +X bashcompinit && bashcompinit
${bashScript(commands)}`;if(shell==="fish")return fishScript(commands);throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__.yo(`no completion for ${JSON.stringify(shell)}`,`Use one of: ${SHELLS.join(", ")}.`)}function wordsOf(command){const options=[command,...command.commands].flatMap(({options:options2})=>options2);const flags=new Map(options.flatMap(({long,description})=>long?[[long,description]]:[]));return{name:command.name(),help:command.summary(),flags:[...[...flags].map(([word,help])=>({word,help})),{word:"--help",help:"show help"}],args:command.name()==="completion"?SHELLS:command.commands.map(sub=>sub.name())}}function bashScript(commands){const names=commands.map(({name})=>name).join(" ");const values=Object.entries(VALUES).map(([flag,words2])=>`    ${flag}) COMPREPLY=($(compgen -W "${words2.join(" ")}" -- "$current")); return ;;`);const words=commands.map(({name,flags,args})=>`    ${name}) words="${[...flags.map(({word})=>word),...args].join(" ")}" ;;`);return`# lazypull completion; source it, or put it into the completions folder of your shell.
_lazypull() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  case "$previous" in
${values.join("\n")}
    --config|--root|--state-dir|--address|--socket|--mapping|--output|--metadata-file|--iidfile) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi
  case "\${COMP_WORDS[1]}" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _lazypull lazypull
`}function fishScript(commands){const lines=["# lazypull completion for fish: lazypull completion fish > ~/.config/fish/completions/lazypull.fish","complete -c lazypull -f"];for(const{name,help,flags,args}of commands){lines.push(`complete -c lazypull -n __fish_use_subcommand -a ${name} -d ${fishQuoted(help)}`);const after=`-n '__fish_seen_subcommand_from ${name}'`;for(const{word,help:help2}of flags){const values=VALUES[word];lines.push(`complete -c lazypull ${after} -l ${word.slice(2)}${values===void 0?"":` -x -a '${values.join(" ")}'`} -d ${fishQuoted(help2)}`)}if(args.length>0)lines.push(`complete -c lazypull ${after} -a '${args.join(" ")}'`)}return`${lines.join("\n")}
`}function fishQuoted(text){return`'${text.replaceAll("\\","\\\\").replaceAll("'","\\'")}'`}})};export{id,ids,modules};
